package io.millrace.transforms.window;

import java.io.Serializable;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.Schema.TypeName;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A value that every element has: a name, a type and a function that takes it from the element.
 * Keys are made of attributes, and aggregates are computed of them.
 *
 * @param <T> the elements
 */
public final class Attribute<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Takes a whole number from an element, without boxing it. */
  public interface LongValue<T> extends Serializable {
    long of(T element);
  }

  /** Takes a number of floating point from an element, without boxing it. */
  public interface DoubleValue<T> extends Serializable {
    double of(T element);
  }

  private final String name;
  private final FieldType type;
  private final @Nullable LongValue<T> longValue;
  private final @Nullable DoubleValue<T> doubleValue;
  private final @Nullable SerializableFunction<T, ? extends @Nullable Object> value;

  private Attribute(
      String name,
      FieldType type,
      @Nullable LongValue<T> longValue,
      @Nullable DoubleValue<T> doubleValue,
      @Nullable SerializableFunction<T, ? extends @Nullable Object> value) {
    this.name = name;
    this.type = type;
    this.longValue = longValue;
    this.doubleValue = doubleValue;
    this.value = value;
  }

  /** A whole number that is never null: the fastest. */
  public static <T> Attribute<T> int64(String name, LongValue<T> value) {
    return new Attribute<>(name, FieldType.INT64, value, null, null);
  }

  /** A number of floating point that is never null. */
  public static <T> Attribute<T> float64(String name, DoubleValue<T> value) {
    return new Attribute<>(name, FieldType.DOUBLE, null, value, null);
  }

  /** Text, which may be null. */
  public static <T> Attribute<T> string(
      String name, SerializableFunction<T, @Nullable String> value) {
    return new Attribute<>(name, FieldType.STRING.withNullable(true), null, null, value);
  }

  /** A value of any type of Beam's schemas, in the Java class that a {@link Row} has it in. */
  public static <T> Attribute<T> of(
      String name, FieldType type, SerializableFunction<T, ? extends @Nullable Object> value) {
    return new Attribute<>(name, type, null, null, value);
  }

  /**
   * A field of rows.
   *
   * @throws IllegalArgumentException if the schema has no such field
   */
  public static Attribute<Row> ofField(Schema schema, String field) {
    if (!schema.hasField(field)) {
      throw new IllegalArgumentException(
          "No field " + field + " in the schema; it has " + schema.getFieldNames());
    }
    int index = schema.indexOf(field);
    FieldType type = schema.getField(index).getType();
    if (!type.getNullable() && type.getTypeName() == TypeName.INT64) {
      return int64(field, row -> row.<Long>getValue(index));
    }
    if (!type.getNullable() && type.getTypeName() == TypeName.DOUBLE) {
      return float64(field, row -> row.<Double>getValue(index));
    }
    return of(field, type, row -> row.getValue(index));
  }

  String name() {
    return name;
  }

  FieldType type() {
    return type;
  }

  boolean isLong() {
    return longValue != null;
  }

  boolean isDouble() {
    return doubleValue != null;
  }

  /** The value as a whole number; only where {@link #isLong()}. */
  long longOf(T element) {
    return longValue.of(element);
  }

  /** The value as a number of floating point; only where it is a number that is never null. */
  double doubleOf(T element) {
    return doubleValue != null ? doubleValue.of(element) : longValue.of(element);
  }

  @Nullable Object valueOf(T element) {
    if (longValue != null) {
      return longValue.of(element);
    }
    return doubleValue != null ? (Object) doubleValue.of(element) : value.apply(element);
  }
}
