package io.millrace.transforms.warehouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.beam.sdk.io.FileSystems;

/**
 * The place of a secret, {@code file:PATH} or {@code env:NAME}; never the secret itself. A path may
 * be a name that Beam's file systems know, such as {@code gs://bucket/object}.
 */
public final class SecretReference implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String FILE = "file:";
  private static final String ENVIRONMENT = "env:";

  private final String reference;

  private SecretReference(String reference) {
    this.reference = reference;
  }

  /**
   * Takes a reference.
   *
   * @throws IllegalArgumentException if it begins with neither; the message does not repeat it,
   *     since it may well be the secret
   */
  public static SecretReference parse(String reference) {
    if (!reference.startsWith(FILE) && !reference.startsWith(ENVIRONMENT)) {
      throw new IllegalArgumentException(
          "a password is given by its place, never as it is: file:PATH for a file that holds it, or"
              + " env:NAME for an environment variable");
    }
    return new SecretReference(reference);
  }

  /**
   * Reads the secret, without the line end that a file may have.
   *
   * @throws WarehouseException if there is no such file or variable here
   */
  public String resolve() {
    if (reference.startsWith(ENVIRONMENT)) {
      String secret = System.getenv(reference.substring(ENVIRONMENT.length()));
      if (secret == null) {
        throw WarehouseException.environment(
            "the password's environment variable "
                + reference.substring(ENVIRONMENT.length())
                + " is not set here");
      }
      return secret;
    }
    try {
      return read(reference.substring(FILE.length())).replaceFirst("\\R$", "");
    } catch (IOException | InvalidPathException e) {
      throw WarehouseException.environment(
          "the password's file "
              + reference.substring(FILE.length())
              + " cannot be read here: "
              + e.getClass().getSimpleName());
    }
  }

  private static String read(String path) throws IOException {
    if (!path.contains("://")) {
      return Files.readString(Path.of(path));
    }
    try (InputStream stream =
        Channels.newInputStream(
            FileSystems.open(FileSystems.matchSingleFileSpec(path).resourceId()))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretReference that && reference.equals(that.reference);
  }

  @Override
  public int hashCode() {
    return reference.hashCode();
  }

  @Override
  public String toString() {
    return reference;
  }
}
