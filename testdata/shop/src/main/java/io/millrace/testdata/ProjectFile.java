package io.millrace.testdata;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Files that the project's build makes, wherever in the project we are. */
public final class ProjectFile {

  /**
   * Finds a file below the directory we are in, or one above it, or one above where this class was
   * loaded from.
   *
   * @param path relative to the project's directory, with slashes
   */
  public static Optional<Path> find(String path) {
    return Stream.of(Path.of("").toAbsolutePath(), ownLocation())
        .flatMap(start -> Stream.iterate(start, Objects::nonNull, Path::getParent))
        .map(directory -> directory.resolve(path.replace('/', File.separatorChar)))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static Path ownLocation() {
    try {
      return Path.of(ProjectFile.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private ProjectFile() {}
}
