package io.millrace.benchmarks.warehouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loads Debezium's sink from its distribution, which the build puts beside our jar, and this
 * package's classes once more; nothing else but the JDK.
 */
final class DebeziumLoader extends URLClassLoader {
  private static final String OWN = DebeziumLoader.class.getPackageName() + ".";

  static DebeziumLoader create() throws IOException, URISyntaxException {
    Path own =
        Path.of(DebeziumSink.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> files = Files.walk(own.resolveSibling("debezium-sink"))) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        jars.add(jar.toUri().toURL());
      }
    }
    return new DebeziumLoader(jars.toArray(new URL[0]));
  }

  private DebeziumLoader(URL[] jars) {
    super("debezium", jars, ClassLoader.getPlatformClassLoader());
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!name.startsWith(OWN)) {
      return super.findClass(name);
    }
    try (InputStream in =
        DebeziumLoader.class.getResourceAsStream('/' + name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
