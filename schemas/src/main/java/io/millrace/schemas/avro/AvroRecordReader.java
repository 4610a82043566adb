package io.millrace.schemas.avro;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.format.RecordReader;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Hands records in Avro to another reader as JSON (see {@link AvroMessages}), so that a format
 * means the same in both.
 */
public final class AvroRecordReader implements RecordReader {
  private final RecordReader reader;
  private final AvroMessages messages;

  private AvroRecordReader(RecordReader reader, AvroMessages messages) {
    this.reader = reader;
    this.messages = messages;
  }

  /**
   * A reader that hands over to another one what it reads with the registry's schemas; without a
   * registry the other one itself.
   */
  public static RecordReader of(RecordReader reader, @Nullable SchemaRegistry registry) {
    return registry == null ? reader : new AvroRecordReader(reader, new AvroMessages(registry));
  }

  /**
   * {@inheritDoc}
   *
   * @throws SchemaRegistryException if the registry cannot be asked
   */
  @Override
  public void read(RecordBlock.Cursor record, Output output) {
    reader.read(messages.json(record), output);
  }
}
