package io.millrace.transforms.lookup;

import io.millrace.transforms.quality.RunCounter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a table whenever it is told to, all of it by one thread. What it is told is since when it
 * is to be new, in milliseconds since 1970: what was loaded after that will do.
 */
final class LoadTableFn<K, R> extends DoFn<KV<Integer, Long>, byte[]> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(LoadTableFn.class);

  /** When the last attempt began. */
  @StateId("began")
  private final StateSpec<ValueState<Long>> beganSpec = StateSpecs.value(VarLongCoder.of());

  /** The newest version that was loaded. */
  @StateId("version")
  private final StateSpec<ValueState<Long>> versionSpec = StateSpecs.value(VarLongCoder.of());

  private final TableSource<K, R> source;
  private final Coder<K> keyCoder;
  private final Coder<R> rowCoder;
  private final SizeLimit limit;
  private final RunCounter loaded = RunCounter.named("lookup_tables_loaded");
  private final RunCounter failed = RunCounter.named("lookup_refreshes_failed");

  LoadTableFn(TableSource<K, R> source, Coder<K> keyCoder, Coder<R> rowCoder, SizeLimit limit) {
    this.source = source;
    this.keyCoder = keyCoder;
    this.rowCoder = rowCoder;
    this.limit = limit;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, Long> due,
      @StateId("began") ValueState<Long> began,
      @StateId("version") ValueState<Long> version,
      OutputReceiver<byte[]> out) {
    Long last = began.read();
    // Of signals that wait for a load the first has done for the others.
    if (last != null && last > due.getValue()) {
      return;
    }
    Long before = version.read();
    long now = System.currentTimeMillis();
    began.write(now);
    long next = before == null ? now : Math.max(now, before + 1);
    try {
      out.output(load(next));
      version.write(next);
      loaded.add(1);
    } catch (LookupException e) {
      if (before == null) {
        throw e;
      }
      LOG.warn("the version of {} stays in use: {}", before, e.getMessage());
      failed.add(1);
    }
  }

  private byte[] load(long version) {
    SnapshotWriter snapshot = new SnapshotWriter(source.toString(), version, limit);
    Set<Object> keys = new HashSet<>();
    try {
      source.read(
          row -> {
            if (!keys.add(keyCoder.structuralValue(row.getKey()))) {
              throw new LookupException(
                  "there are two rows of the key "
                      + row.getKey()
                      + "; a lookup finds one row by a key, so choose which");
            }
            snapshot.add(encode(keyCoder, row.getKey()), encode(rowCoder, row.getValue()));
          });
      return snapshot.finish();
    } catch (TableTooLargeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(e);
    } catch (Exception e) {
      throw failure(e);
    }
  }

  private LookupException failure(Exception cause) {
    return new LookupException(
        source + " cannot be loaded for a lookup: " + cause.getMessage(), cause);
  }

  private static <T> byte[] encode(Coder<T> coder, T value) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      coder.encode(value, bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new LookupException("a value cannot be encoded by " + coder, e);
    }
  }
}
