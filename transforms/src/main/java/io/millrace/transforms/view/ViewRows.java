package io.millrace.transforms.view;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.image.RowTypes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The rows of a view: its columns, as state keeps them, and what goes out. */
final class ViewRows implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Schema columns;
  private final Schema output;
  private transient @Nullable RowCoder coder;

  ViewRows(List<ColumnContract> columns) {
    Schema.Builder builder = Schema.builder();
    for (ColumnContract column : columns) {
      builder.addNullableField(column.physicalName(), RowTypes.type(column.type()));
    }
    this.columns = builder.build();
    this.output =
        Schema.builder()
            .addFields(this.columns.getFields())
            .addInt64Field(JoinTables.REVISION)
            .addBooleanField(JoinTables.DELETED)
            .build();
  }

  /** Of rows that go out. */
  Schema outputSchema() {
    return output;
  }

  byte[] encode(@Nullable Object[] values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    try {
      coder().encode(Row.withSchema(columns).attachValues(values), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A row that goes out. */
  Row output(byte[] encoded, long revision, boolean isDeleted) {
    List<@Nullable Object> values = new ArrayList<>(decode(encoded).getValues());
    values.add(revision);
    values.add(isDeleted);
    return Row.withSchema(output).attachValues(values);
  }

  Row decode(byte[] encoded) {
    try {
      return coder().decode(new ByteArrayInputStream(encoded));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RowCoder coder() {
    if (coder == null) {
      coder = RowCoder.of(columns);
    }
    return coder;
  }
}
