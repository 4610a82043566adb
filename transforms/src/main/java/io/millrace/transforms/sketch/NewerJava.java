package io.millrace.transforms.sketch;

import org.apache.datasketches.memory.Memory;

/**
 * Lets DataSketches start on versions of Java that it does not name. Its memory classes refuse all
 * but 8, 11, 17 and 21 by the text of {@code java.version} when they are first used, though they
 * run on others; so on those the text is another while they start.
 */
final class NewerJava {
  private static final String NAMED = "21";

  static {
    int feature = Runtime.version().feature();
    if (feature != 17 && feature != 21) {
      String version = System.setProperty("java.version", NAMED);
      try {
        Memory.wrap(new byte[Long.BYTES]);
      } finally {
        System.setProperty("java.version", version);
      }
    }
  }

  /** Call before any other use of the library. */
  static void admit() {}

  private NewerJava() {}
}
