package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.harness.Settings;
import java.io.File;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.core.fs.Path;
import org.apache.flink.formats.parquet.ParquetColumnarRowInputFormat;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.hadoop.conf.Configuration;

/** The changes in landed files, by Flink's own source, which reads a column in batches. */
final class ParquetInput implements NativeMerge.Input {
  private static final int BATCH_ROWS = 2048;

  private final Settings settings;

  ParquetInput(Settings settings) {
    this.settings = settings;
  }

  @Override
  public DataStream<OrderChange> read(StreamExecutionEnvironment environment) {
    RowType columns =
        RowType.of(
            new LogicalType[] {new VarBinaryType(VarBinaryType.MAX_LENGTH)},
            new String[] {"value"});
    Path[] files =
        Pattern.compile(Pattern.quote(File.pathSeparator))
            .splitAsStream(settings.text("files"))
            .map(Path::new)
            .toArray(Path[]::new);
    FileSource<RowData> source =
        FileSource.forBulkFileFormat(
                new ParquetColumnarRowInputFormat<FileSourceSplit>(
                    new Configuration(),
                    columns,
                    InternalTypeInfo.of(columns),
                    BATCH_ROWS,
                    true,
                    true),
                files)
            .build();
    return environment
        .fromSource(source, WatermarkStrategy.noWatermarks(), "landing")
        .map(new ParseValue())
        .returns(NativeMerge.changes());
  }

  /** Parses values into one change that is filled again and again. */
  private static final class ParseValue extends RichMapFunction<RowData, OrderChange> {
    private static final long serialVersionUID = 1L;

    private transient OrderParser parser;
    private transient OrderChange change;

    @Override
    public void open(OpenContext context) {
      parser = new OrderParser();
      change = new OrderChange(256);
    }

    @Override
    public OrderChange map(RowData row) throws IOException {
      byte[] value = row.getBinary(0);
      parser.parse(value, 0, value.length, change);
      return change;
    }
  }
}
