package io.millrace.testdata.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Ends a JVM when its standard input ends, that is, when the process that started it does, however
 * that ended. Loaded as an agent into a program that knows nothing of it.
 */
public final class LifelineAgent {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Called by the JVM before the program's own main. */
  public static void premain(String arguments) {
    Thread thread = new Thread(LifelineAgent::watch, "lifeline");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // A broken pipe is an end as well.
    }
    Thread exit = new Thread(() -> System.exit(143), "lifeline-exit");
    exit.setDaemon(true);
    exit.start();
    try {
      new CountDownLatch(1).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(143);
  }

  /** The agent as a jar of one class in this directory. */
  static Path jar(Path directory) {
    Path jar = directory.resolve("lifeline.jar");
    // A JVM that runs with it would not survive that it is written again.
    if (Files.exists(jar)) {
      return jar;
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", LifelineAgent.class.getName());
    String entry = LifelineAgent.class.getName().replace('.', '/') + ".class";
    try (InputStream agent = LifelineAgent.class.getResourceAsStream("/" + entry);
        OutputStream file = Files.newOutputStream(jar);
        JarOutputStream output = new JarOutputStream(file, manifest)) {
      output.putNextEntry(new JarEntry(entry));
      agent.transferTo(output);
      output.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + jar, e);
    }
    return jar;
  }

  private LifelineAgent() {}
}
