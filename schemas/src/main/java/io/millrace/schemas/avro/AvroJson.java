package io.millrace.schemas.avro;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes a value in Avro's binary encoding as the JSON that Kafka Connect's JSON converter would
 * have written: bytes in base64, a union as the value it holds, {@code NaN} and infinities as text.
 * No length that the bytes claim is trusted further than there are bytes.
 *
 * @see <a href="https://avro.apache.org/docs/1.11.1/specification/#binary-encoding">Avro's binary
 *     encoding</a>
 */
final class AvroJson {
  /** As deep as JSON may be nested. */
  private static final int DEEPEST = 1_000;

  /** Writes values in another way than this. */
  interface Values {
    /**
     * Writes a value.
     *
     * @return false if it is to be written in the usual way; nothing was read then
     */
    boolean write(Schema schema, AvroJson avro, BinaryDecoder in, JsonGenerator json)
        throws IOException;
  }

  private final DecoderFactory decoders = DecoderFactory.get();
  private final Values values;
  private @Nullable BinaryDecoder decoder;
  private int length;
  private int depth;
  private long items;

  /** Writes all values in the usual way. */
  AvroJson() {
    this((schema, avro, in, json) -> false);
  }

  AvroJson(Values values) {
    this.values = values;
  }

  /** Takes the bytes to read from. */
  void open(byte[] bytes, int offset, int count) {
    decoder = decoders.binaryDecoder(bytes, offset, count, decoder);
    length = count;
  }

  /** Whether all bytes were read. */
  boolean isAtEnd() throws IOException {
    return decoder == null || decoder.isEnd();
  }

  /**
   * Writes the value that some bytes are.
   *
   * @throws RejectedRecordException if they are not one value of the schema
   */
  void write(Schema schema, byte[] bytes, int offset, int count, JsonGenerator json)
      throws IOException {
    open(bytes, offset, count);
    writeNext(schema, json);
    if (!isAtEnd()) {
      throw malformed("more follows it in the record");
    }
  }

  /**
   * Writes the next value of the bytes that were taken.
   *
   * @throws RejectedRecordException if they do not go on with a value of the schema
   */
  void writeNext(Schema schema, JsonGenerator json) throws IOException {
    if (decoder == null) {
      throw new IllegalStateException("no bytes were taken");
    }
    depth = 0;
    items = 0;
    try {
      write(schema, decoder, json);
    } catch (EOFException e) {
      throw malformed("the record ends too early");
    } catch (AvroRuntimeException | UnsupportedOperationException e) {
      throw malformed(e.getMessage());
    }
  }

  private void write(Schema schema, BinaryDecoder in, JsonGenerator json) throws IOException {
    if (values.write(schema, this, in, json)) {
      return;
    }
    switch (schema.getType()) {
      case NULL -> json.writeNull();
      case BOOLEAN -> json.writeBoolean(in.readBoolean());
      case INT -> json.writeNumber(in.readInt());
      case LONG -> json.writeNumber(in.readLong());
      case FLOAT -> json.writeNumber(in.readFloat());
      case DOUBLE -> json.writeNumber(in.readDouble());
      case STRING -> {
        byte[] utf8 = readBytes(in, readLength(in));
        json.writeUTF8String(utf8, 0, utf8.length);
      }
      case BYTES, FIXED -> json.writeBinary(readBytes(schema, in));
      case ENUM -> json.writeString(at(schema.getEnumSymbols(), in.readEnum()));
      case UNION -> write(at(schema.getTypes(), in.readIndex()), in, json);
      case RECORD -> writeRecord(schema, in, json);
      case ARRAY -> writeArray(schema.getElementType(), in, json);
      case MAP -> writeMap(schema.getValueType(), in, json);
    }
  }

  private void writeRecord(Schema schema, BinaryDecoder in, JsonGenerator json) throws IOException {
    descend();
    json.writeStartObject();
    for (Schema.Field field : schema.getFields()) {
      json.writeFieldName(field.name());
      write(field.schema(), in, json);
    }
    json.writeEndObject();
    depth--;
  }

  private void writeArray(Schema element, BinaryDecoder in, JsonGenerator json) throws IOException {
    descend();
    json.writeStartArray();
    for (long count = in.readArrayStart(); count > 0; count = in.arrayNext()) {
      countItems(count);
      for (long i = 0; i < count; i++) {
        write(element, in, json);
      }
    }
    json.writeEndArray();
    depth--;
  }

  private void writeMap(Schema value, BinaryDecoder in, JsonGenerator json) throws IOException {
    descend();
    json.writeStartObject();
    for (long count = in.readMapStart(); count > 0; count = in.mapNext()) {
      countItems(count);
      for (long i = 0; i < count; i++) {
        json.writeFieldName(in.readString());
        write(value, in, json);
      }
    }
    json.writeEndObject();
    depth--;
  }

  private void descend() {
    if (++depth > DEEPEST) {
      throw new RejectedRecordException(
          Reason.TOO_LARGE, "nested deeper than " + DEEPEST + " records or arrays");
    }
  }

  /** Items that take no bytes would else be without end. */
  private void countItems(long count) {
    items += count;
    if (count > length || items > length) {
      throw malformed("an array has more items than the record has bytes");
    }
  }

  private int readLength(BinaryDecoder in) throws IOException {
    long count = in.readLong();
    if (count < 0 || count > length) {
      throw malformed("a text or bytes of length " + count + " in a record of " + length);
    }
    return (int) count;
  }

  /** Reads a value of bytes, or one of a fixed size. */
  byte[] readBytes(Schema schema, BinaryDecoder in) throws IOException {
    return readBytes(
        in, schema.getType() == Schema.Type.FIXED ? schema.getFixedSize() : readLength(in));
  }

  private static byte[] readBytes(BinaryDecoder in, int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFixed(bytes);
    return bytes;
  }

  static <T> T at(List<T> list, int index) {
    if (index < 0 || index >= list.size()) {
      throw malformed("a choice of " + list.size() + " has the index " + index);
    }
    return list.get(index);
  }

  private static RejectedRecordException malformed(@Nullable String why) {
    return new RejectedRecordException(
        Reason.MALFORMED, "not Avro of the schema that the record names: " + why);
  }
}
