package io.millrace.transforms.window;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.beam.sdk.schemas.Schema.FieldType;

/** The natural order of values of a type; bytes are compared unsigned. */
enum ValueOrder implements Comparator<Object>, Serializable {
  NATURAL {
    @Override
    @SuppressWarnings("unchecked")
    public int compare(Object one, Object other) {
      return ((Comparable<Object>) one).compareTo(other);
    }
  },
  BYTES {
    @Override
    public int compare(Object one, Object other) {
      return Arrays.compareUnsigned((byte[]) one, (byte[]) other);
    }
  };

  /**
   * @throws IllegalArgumentException if the type has no order
   */
  static ValueOrder of(String aggregate, FieldType type) {
    return switch (type.getTypeName()) {
      case BYTES -> BYTES;
      case ARRAY, ITERABLE, MAP, ROW ->
          throw new IllegalArgumentException(
              "The aggregate "
                  + aggregate
                  + " compares values, and those of type "
                  + type.getTypeName()
                  + " have no order");
      default -> NATURAL;
    };
  }
}
