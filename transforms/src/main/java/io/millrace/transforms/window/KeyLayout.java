package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A key as bytes: for each attribute that may be null one byte, 0 for null; then whole numbers and
 * floating point as eight bytes, text as a length and UTF-8, all else as a length and what Beam's
 * coder for the type makes of it.
 */
final class KeyLayout<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<Attribute<T>> attributes;
  private final Part[] parts;

  KeyLayout(List<Attribute<T>> attributes) {
    this.attributes = List.copyOf(attributes);
    this.parts = attributes.stream().map(Part::of).toArray(Part[]::new);
  }

  private enum Encoding {
    LONG,
    DOUBLE,
    TEXT,
    CODED
  }

  private record Part(Encoding encoding, boolean nullable, Coder<Object> coder)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("unchecked")
    static Part of(Attribute<?> attribute) {
      FieldType type = attribute.type();
      Encoding encoding =
          switch (type.getTypeName()) {
            case INT64 -> Encoding.LONG;
            case DOUBLE -> Encoding.DOUBLE;
            case STRING -> Encoding.TEXT;
            default -> Encoding.CODED;
          };
      return new Part(
          encoding, type.getNullable(), SchemaCoder.coderForFieldType(type.withNullable(false)));
    }
  }

  int size() {
    return parts.length;
  }

  List<Attribute<T>> attributes() {
    return attributes;
  }

  void write(T element, ByteWriter out) {
    for (int i = 0; i < parts.length; i++) {
      Attribute<T> attribute = attributes.get(i);
      if (attribute.isLong()) {
        out.writeLong(attribute.longOf(element));
      } else {
        write(attribute, parts[i], attribute.valueOf(element), out);
      }
    }
  }

  private void write(Attribute<T> attribute, Part part, @Nullable Object value, ByteWriter out) {
    if (part.nullable()) {
      out.writeByte(value == null ? 0 : 1);
    }
    if (value == null) {
      if (!part.nullable()) {
        throw new IllegalArgumentException(
            "The key attribute "
                + attribute.name()
                + " is null, and its type is not nullable; declare it withNullable(true)");
      }
      return;
    }
    switch (part.encoding()) {
      case LONG -> out.writeLong((Long) value);
      case DOUBLE -> out.writeLong(Double.doubleToLongBits((Double) value));
      case TEXT -> out.writeText(value.toString());
      case CODED -> {
        try {
          out.writeBytes(CoderUtils.encodeToByteArray(part.coder(), value));
        } catch (IOException e) {
          throw new IllegalArgumentException(
              "The key attribute " + attribute.name() + " is not of its type: " + e.getMessage(),
              e);
        }
      }
    }
  }

  /** Reads a key's values into an array, from its beginning. */
  void read(byte[] key, int offset, int length, @Nullable Object[] values) {
    ByteReader in = new ByteReader(key, offset, length);
    for (int i = 0; i < parts.length; i++) {
      Part part = parts[i];
      values[i] = part.nullable() && in.readByte() == 0 ? null : read(part, in);
    }
  }

  private static Object read(Part part, ByteReader in) {
    return switch (part.encoding()) {
      case LONG -> in.readLong();
      case DOUBLE -> Double.longBitsToDouble(in.readLong());
      case TEXT -> in.readText();
      case CODED -> {
        int length = in.readLength();
        try {
          yield part.coder().decode(new ByteArrayInputStream(in.buffer(), in.skip(length), length));
        } catch (IOException e) {
          throw new IllegalStateException("A key cannot be decoded by " + part.coder(), e);
        }
      }
    };
  }

  /** The names of the attributes, in order. */
  List<String> names() {
    return IntStream.range(0, parts.length).mapToObj(i -> attributes.get(i).name()).toList();
  }
}
