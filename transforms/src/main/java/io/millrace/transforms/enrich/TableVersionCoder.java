package io.millrace.transforms.enrich;

import io.millrace.schemas.Position;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.joda.time.Instant;

/**
 * Encodes {@link TableVersion}: a version byte, flags (1: a delete, 2: a snapshot's), the
 * milliseconds since 1970 in eight bytes, the position with its length, and the row if there is
 * one. {@link Version} reads it without the row's coder.
 */
public final class TableVersionCoder<D> extends StructuredCoder<TableVersion<D>> {
  private static final long serialVersionUID = 1L;
  static final int VERSION = 1;
  static final int DELETE = 1;
  static final int SNAPSHOT = 2;
  private static final BigEndianLongCoder TIMES = BigEndianLongCoder.of();
  private static final ByteArrayCoder POSITIONS = ByteArrayCoder.of();

  private final Coder<D> rowCoder;

  private TableVersionCoder(Coder<D> rowCoder) {
    this.rowCoder = rowCoder;
  }

  /** A coder of versions with rows of this coder. */
  public static <D> TableVersionCoder<D> of(Coder<D> rowCoder) {
    return new TableVersionCoder<>(rowCoder);
  }

  Coder<D> rowCoder() {
    return rowCoder;
  }

  @Override
  public void encode(TableVersion<D> version, OutputStream out) throws IOException {
    D row = version.row();
    out.write(VERSION);
    out.write((row == null ? DELETE : 0) | (version.isSnapshot() ? SNAPSHOT : 0));
    TIMES.encode(version.since().getMillis(), out);
    POSITIONS.encode(version.position().bytes(), out);
    if (row != null) {
      rowCoder.encode(row, out);
    }
  }

  @Override
  public TableVersion<D> decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException(
          "A table's version in format " + version + " is newer than this code");
    }
    int flags = in.read();
    Instant since = Instant.ofEpochMilli(TIMES.decode(in));
    Position position = Position.of(POSITIONS.decode(in));
    D row = (flags & DELETE) == 0 ? rowCoder.decode(in) : null;
    return new TableVersion<>(since, position, row, (flags & SNAPSHOT) != 0);
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(rowCoder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    verifyDeterministic(this, "The row must have deterministic bytes", rowCoder);
  }

  @Override
  public boolean consistentWithEquals() {
    return rowCoder.consistentWithEquals();
  }
}
