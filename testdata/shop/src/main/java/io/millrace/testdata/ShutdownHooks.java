package io.millrace.testdata;

/** Shutdown hooks that may be taken back. */
final class ShutdownHooks {

  /** Takes a hook back; does nothing once this JVM is ending, when it runs anyway. */
  static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending.
    }
  }

  private ShutdownHooks() {}
}
