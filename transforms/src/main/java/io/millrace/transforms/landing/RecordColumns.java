package io.millrace.transforms.landing;

import java.util.List;
import java.util.Set;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;

/** The columns of a landing's files. */
final class RecordColumns {
  static final String TOPIC = "topic";
  static final String PARTITION = "partition";
  static final String OFFSET = "offset";
  static final String TIMESTAMP = "timestamp";
  static final String TIMESTAMP_TYPE = "timestamp_type";
  static final String KEY = "key";
  static final String VALUE = "value";
  static final String HEADERS = "headers";

  /** What {@link #TIMESTAMP_TYPE} says of a timestamp that the sender set. */
  static final String CREATE = "create";

  /** What it says of one that the broker set. */
  static final String LOG_APPEND = "log_append";

  /** The path in the headers of a header's key. */
  static final String[] HEADER_KEY = {HEADERS, "list", "element", "key"};

  /** The path in the headers of a header's value. */
  static final String[] HEADER_VALUE = {HEADERS, "list", "element", "value"};

  static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message record {
            required binary topic (STRING);
            required int32 partition;
            required int64 offset;
            optional int64 timestamp (TIMESTAMP(MILLIS,true));
            optional binary timestamp_type (STRING);
            optional binary key;
            optional binary value;
            required group headers (LIST) {
              repeated group list {
                required group element {
                  required binary key (STRING);
                  optional binary value;
                }
              }
            }
          }
          """);

  private static final Set<String> KNOWN_BY_THE_FILE = Set.of(TOPIC, PARTITION);

  /** The columns that a reader of one file needs. */
  static MessageType read(boolean headers) {
    List<Type> columns =
        SCHEMA.getFields().stream()
            .filter(column -> !KNOWN_BY_THE_FILE.contains(column.getName()))
            .filter(column -> headers || !column.getName().equals(HEADERS))
            .toList();
    return new MessageType(SCHEMA.getName(), columns);
  }

  private RecordColumns() {}
}
