package io.millrace.schemas.format;

import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;

/** Reads rows in plain JSON beside their keys; values are written as in the neutral format. */
final class UpsertReader extends KeyedReader {

  UpsertReader(Contract contract, UnknownColumns unknownColumns, int epoch) {
    super(contract, unknownColumns, ImageEncoding.UPSERT, epoch);
  }

  @Override
  Content content(byte[] buffer, int start, int length) {
    return new Content(Image.of(buffer, start, length, ImageEncoding.UPSERT), null, null);
  }
}
