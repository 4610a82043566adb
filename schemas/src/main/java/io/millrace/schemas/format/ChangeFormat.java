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
  },
  /**
   * The JSON of Maxwell's daemon, of MySQL and MariaDB; see {@link MaxwellReader} for its order.
   *
   * @see <a href="https://maxwells-daemon.io/dataformat/">Maxwell's data format</a>
   */
  MAXWELL {
    @Override
    public RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch) {
      return new MaxwellReader(contract, unknownColumns, epoch);
    }
  },
  /**
   * The flat messages of Canal ({@code canal.mq.flatMessage=true}), also as TiCDC writes them; see
   * {@link CanalReader} for their order.
   *
   * @see <a href="https://github.com/alibaba/canal/wiki/Canal-Kafka-RocketMQ-QuickStart">Canal's
   *     quick start for Kafka</a>
   */
  CANAL {
    @Override
    public RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch) {
      return new CanalReader(contract, unknownColumns, epoch);
    }
  },
  /**
   * The JSON of Oracle GoldenGate's operation formatter.
   *
   * @see <a
   *     href="https://docs.oracle.com/en/middleware/goldengate/big-data/21.1/gadbd/json-formatter.html">
   *     GoldenGate's JSON formatter</a>
   */
  OGG {
    @Override
    public RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch) {
      return new GoldenGateReader(contract, unknownColumns, epoch);
    }
  },
  /**
   * What AWS Database Migration Service writes to Kafka.
   *
   * @see <a href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.Kafka.html">AWS DMS
   *     with Kafka as a target</a>
   */
  AWS_DMS {
    @Override
    public RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch) {
      return new DmsReader(contract, unknownColumns, epoch);
    }
  },
  /**
   * A row in JSON beside its key, a null value for a delete, as compacted topics hold them.
   *
   * @see <a href="https://docs.confluent.io/kafka/design/log_compaction.html">Kafka's log
   *     compaction</a>
   */
  UPSERT {
    @Override
    public RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch) {
      return new UpsertReader(contract, unknownColumns, epoch);
    }
  },
  /**
   * Rows as Kafka Connect's JDBC connectors write and read them with the JSON converter, with the
   * schema block or without.
   *
   * @see <a
   *     href="https://docs.confluent.io/kafka-connectors/jdbc/current/sink-connector/overview.html">
   *     The JDBC sink connector</a>
   */
  CONNECT_JDBC {
    @Override
    public RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch) {
      return new ConnectRowReader(contract, unknownColumns, epoch);
    }
  },
  /**
   * What Google's Datastream writes to Cloud Storage, as JSON or (in files whose names end in
   * {@code .avro}) as Avro; see {@link DatastreamReader} for its order.
   *
   * @see <a href="https://cloud.google.com/datastream/docs/events-and-streams">Datastream's
   *     events</a>
   */
  DATASTREAM {
    @Override
    public RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch) {
      return new DatastreamReader(contract, unknownColumns, epoch);
    }
  },
  /**
   * Business events, each of which is the insert of a row: those of the contract that are marked as
   * such; see {@link EventReader} and {@link EventChanges}.
   */
  EVENTS {
    @Override
    public RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch) {
      return new InsertReader(contract, unknownColumns, epoch);
    }
  };

  /**
   * A reader of this format.
   *
   * @param epoch the first part of every position; raised when a source was rebuilt
   */
  public abstract RecordReader open(Contract contract, UnknownColumns unknownColumns, int epoch);
}
