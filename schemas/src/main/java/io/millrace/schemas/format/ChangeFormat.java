package io.millrace.schemas.format;

import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;

/** The formats in which changes come. */
public enum ChangeFormat {
  /**
   * Debezium's JSON, of PostgreSQL, MySQL, MariaDB, SQL Server, Oracle and MongoDB, with and
   * without the schema block.
   *
   * @see <a
   *     href="https://debezium.io/documentation/reference/stable/connectors/index.html">Debezium
   *     source connectors</a>
   */
  DEBEZIUM {
    @Override
    public RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch) {
      return new DebeziumReader(contract, unknownColumns, epoch);
    }
  },
  /** Millrace's neutral format, one JSON object a change; see {@link ChangesReader}. */
  CHANGES {
    @Override
    public RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch) {
      return new ChangesReader(contract, unknownColumns, epoch);
    }
  };

  /**
   * A reader of this format.
   *
   * @param epoch the first part of every position; raised when a source was rebuilt
   */
  public abstract RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch);
}
