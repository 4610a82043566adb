package io.millrace.transforms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The cases of other projects, where they lie beside this one in {@code ../shared/peercases}. */
public final class PeerFiles {
  private static final Path FOLDER = projectRoot().resolveSibling("shared").resolve("peercases");

  private static final ObjectMapper JSON = new ObjectMapper();

  public static boolean areThere() {
    return Files.isDirectory(FOLDER);
  }

  private static Path projectRoot() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  public static Path path(String file) {
    return FOLDER.resolve(file);
  }

  public static JsonNode json(String file) throws IOException {
    return JSON.readTree(FOLDER.resolve(file).toFile());
  }

  /** The names of a folder's files that begin with a prefix. */
  static List<String> names(String folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(path(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  /** The records of a file, a line each; a licence may stand before them. */
  public static List<String> records(String file) throws IOException {
    return Files.readAllLines(FOLDER.resolve(file)).stream()
        .filter(line -> !line.isEmpty() && !line.startsWith("/*") && !line.startsWith(" *"))
        .toList();
  }

  private PeerFiles() {}
}
