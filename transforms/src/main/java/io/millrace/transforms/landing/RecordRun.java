package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of one partition that together have every record from one offset up to another, some of
 * them twice.
 *
 * @param from the offset that they were to begin at
 * @param to the offset behind them
 * @param blocks by offset
 * @param later blocks that do not follow: something between is missing
 */
record RecordRun(long from, long to, List<RecordBlock> blocks, List<RecordBlock> later) {

  /** What of these blocks follows an offset, without a gap. */
  static RecordRun behind(long from, List<RecordBlock> ordered) {
    List<RecordBlock> run = new ArrayList<>();
    List<RecordBlock> later = new ArrayList<>();
    long to = from;
    for (RecordBlock block : ordered) {
      if (block.from() > to) {
        later.add(block);
      } else if (block.to() > to) {
        run.add(block);
        to = block.to();
      }
    }
    return new RecordRun(from, to, run, later);
  }

  boolean isEmpty() {
    return from == to;
  }

  /** How many records lie in a range. */
  long count(long start, long end) throws IOException {
    long[] count = new long[1];
    each(start, end, record -> count[0]++);
    return count[0];
  }

  /** Takes a record. */
  interface Taker {
    void take(RecordBlock.Cursor record) throws IOException;
  }

  /** Hands over the records of a range, each once, by offset. */
  void each(long start, long end, Taker taker) throws IOException {
    long behind = start;
    for (RecordBlock block : blocks) {
      if (block.to() <= behind || block.from() >= end) {
        continue;
      }
      RecordBlock.Cursor record = block.records();
      while (record.next()) {
        if (record.offset() >= behind && record.offset() < end) {
          taker.take(record);
        }
      }
      behind = block.to();
    }
  }
}
