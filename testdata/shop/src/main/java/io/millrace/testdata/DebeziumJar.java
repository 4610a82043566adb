package io.millrace.testdata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Finds the jar of the module {@code testdata/debezium}.
 *
 * <p>In this order: the system property {@value #PROPERTY}, the environment variable {@value
 * #VARIABLE}, then {@value #JAR} in the project.
 */
final class DebeziumJar {
  static final String PROPERTY = "millrace.debezium.jar";
  static final String VARIABLE = "MILLRACE_DEBEZIUM_JAR";
  private static final String JAR = "testdata/debezium/target/millrace-testdata-debezium.jar";

  /**
   * @throws ServiceException if it is not there, with the command that builds it
   */
  static Path find() {
    return Stream.of(System.getProperty(PROPERTY), System.getenv(VARIABLE))
        .filter(Objects::nonNull)
        .filter(given -> !given.isBlank())
        .findFirst()
        .map(DebeziumJar::existing)
        .or(() -> ProjectFile.find(JAR))
        .orElseThrow(
            () ->
                new ServiceException(
                    "Debezium's jar is missing; build it in the project's directory with:"
                        + " ./mvnw -pl testdata/debezium -am package"));
  }

  private static Path existing(String given) {
    Path jar = Path.of(given);
    if (!Files.isRegularFile(jar)) {
      throw new ServiceException(
          "there is no " + jar + ", which " + PROPERTY + " or " + VARIABLE + " names");
    }
    return jar;
  }

  private DebeziumJar() {}
}
