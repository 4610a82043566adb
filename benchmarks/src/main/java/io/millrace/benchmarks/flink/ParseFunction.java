package io.millrace.benchmarks.flink;

import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Parses lines into one change that is filled again and again. */
final class ParseFunction extends RichMapFunction<Line, OrderChange> {
  private static final long serialVersionUID = 1L;

  private transient OrderParser parser;
  private transient OrderChange change;

  @Override
  public void open(OpenContext context) {
    parser = new OrderParser();
    change = new OrderChange(256);
  }

  @Override
  public OrderChange map(Line line) throws IOException {
    parser.parse(line.buffer, line.start, line.length, change);
    return change;
  }
}
