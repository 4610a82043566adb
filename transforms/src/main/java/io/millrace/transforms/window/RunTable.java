package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The runs of a bucket of keys, and a queue of the keys by when there is something to do for them.
 * The queue is not written: reading a table puts all its keys into it.
 */
final class RunTable {
  private record Due(long time, KeyRuns key) {}

  private final Map<ByteBuffer, KeyRuns> keys = new HashMap<>();
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>((one, other) -> Long.compare(one.time(), other.time()));

  /** The runs of a key, made if there are none. */
  KeyRuns key(byte[] key, int offset, int length) {
    KeyRuns runs = keys.get(ByteBuffer.wrap(key, offset, length));
    if (runs == null) {
      byte[] own = Arrays.copyOfRange(key, offset, offset + length);
      runs = new KeyRuns(own);
      keys.put(ByteBuffer.wrap(own), runs);
    }
    return runs;
  }

  Collection<KeyRuns> keys() {
    return keys.values();
  }

  /** Looks at a key at a time, unless that happens earlier anyway; forgets a key without runs. */
  void queue(KeyRuns key, long time) {
    if (key.runs.isEmpty()) {
      keys.remove(ByteBuffer.wrap(key.key));
    } else if (time < key.queuedFor) {
      key.queuedFor = time;
      queue.add(new Due(time, key));
    }
  }

  /** When there is something to do, {@link WindowBucket#NEVER} if nothing is queued. */
  long due() {
    Due next = queue.peek();
    return next == null ? WindowBucket.NEVER : next.time();
  }

  /** Takes a key out of the queue for which there is something to do before a time. */
  @Nullable KeyRuns poll(long before) {
    while (!queue.isEmpty() && due() < before) {
      Due due = queue.remove();
      // Otherwise it was queued anew for an earlier time, and has been looked at.
      if (due.time() == due.key().queuedFor) {
        due.key().queuedFor = WindowBucket.NEVER;
        return due.key();
      }
    }
    return null;
  }

  void write(ByteWriter out) {
    out.writeVarint(keys.size());
    for (KeyRuns key : keys.values()) {
      out.writeBytes(key.key);
      out.writeVarint(key.runs.size());
      for (Run run : key.runs) {
        RunFormat.write(run, out);
      }
    }
  }

  static RunTable read(ByteReader in, AccumulatorLayout layout) {
    RunTable table = new RunTable();
    for (int keys = in.readLength(); keys > 0; keys--) {
      int length = in.readLength();
      KeyRuns key = table.key(in.buffer(), in.skip(length), length);
      for (int runs = in.readLength(); runs > 0; runs--) {
        key.runs.add(RunFormat.read(in, layout));
      }
      table.queue(key, Long.MIN_VALUE);
    }
    return table;
  }
}
