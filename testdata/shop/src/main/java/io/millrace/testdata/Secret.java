package io.millrace.testdata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A reference to a secret: {@code file:PATH} or {@code env:VARIABLE}. */
public final class Secret {

  /**
   * What the reference names; null for null.
   *
   * @throws IllegalArgumentException if it is not such a reference, or nothing is there
   */
  public static String resolve(String reference) {
    if (reference == null) {
      return null;
    }
    if (reference.startsWith("env:")) {
      String value = System.getenv(reference.substring("env:".length()));
      if (value == null) {
        throw new IllegalArgumentException("there is no environment variable for " + reference);
      }
      return value;
    }
    if (reference.startsWith("file:")) {
      try {
        return Files.readString(Path.of(reference.substring("file:".length()))).strip();
      } catch (IOException e) {
        throw new IllegalArgumentException("cannot read " + reference, e);
      }
    }
    throw new IllegalArgumentException("a password is given as file:PATH or env:VARIABLE");
  }

  private Secret() {}
}
