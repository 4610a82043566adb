package io.millrace.schemas.format;

import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.io.IOException;

/**
 * Reads rows as Kafka Connect's JSON converter writes them: {@code {"schema":…,"payload":…}}, or
 * the row alone. The schema tells how columns are encoded, and by its name the table ({@code
 * shop.items}; also {@code prefix.shop.items.Value}, as Debezium's unwrapped rows have it).
 */
final class ConnectRowReader extends KeyedReader {
  private final ConnectRows rows = new ConnectRows(ImageEncoding.CONNECT_JDBC);

  ConnectRowReader(Contract contract, UnknownColumns unknownColumns, int epoch) {
    super(contract, unknownColumns, ImageEncoding.CONNECT_JDBC, epoch);
  }

  @Override
  Content content(byte[] buffer, int start, int length) throws IOException {
    return rows.content(buffer, start, length);
  }
}
