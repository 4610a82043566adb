package io.millrace.transforms.sketch;

import java.io.Serializable;

/**
 * A kind of sketch with its size: how to begin, merge, write and read one.
 *
 * @param <S> what a sketch is in memory
 */
interface SketchFamily<S> extends Serializable {

  /** The family's name, for messages. */
  String name();

  S empty();

  /** Merges two sketches; only the first may be changed, and it may be the answer. */
  S merge(S into, S other);

  /** The serialized form of DataSketches itself. */
  byte[] write(S sketch);

  /**
   * Reads what {@link #write} wrote, or the same of another program; throws where it is damaged.
   */
  S parse(byte[] bytes);

  /**
   * Reads a sketch.
   *
   * @throws IllegalArgumentException if the bytes are no sketch of this family
   */
  default S read(byte[] bytes) {
    try {
      return parse(bytes);
    } catch (RuntimeException | AssertionError e) {
      throw new IllegalArgumentException(
          "These %s bytes are no %s sketch (%s); give what such a sketch wrote, unchanged"
              .formatted(bytes.length, name(), e.getMessage()),
          e);
    }
  }
}
