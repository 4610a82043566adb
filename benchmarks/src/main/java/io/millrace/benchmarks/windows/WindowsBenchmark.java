package io.millrace.benchmarks.windows;

import io.millrace.benchmarks.beam.MillraceWindows;
import io.millrace.benchmarks.flink.NativeWindows;
import io.millrace.benchmarks.flink.SqlWindows;
import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Entrant;
import io.millrace.benchmarks.harness.Entrant.Role;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.readings.ReadingsFiles;
import io.millrace.benchmarks.readings.WindowKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** {@code windows}. */
public final class WindowsBenchmark implements Benchmark {
  @Override
  public String name() {
    return "windows";
  }

  @Override
  public String summary() {
    return "sums over windows of event time, from files, in streaming mode";
  }

  @Override
  public String description() {
    return "Reads 8,000,000 binary readings of 10,000 sensors from two files, up to 1 s out of"
        + " order, adds them up by sensor and window, and hands the sums to a sink that counts."
        + " There are three contests: tumbling windows of 10 s, hopping ones of 10 s that begin each"
        + " second, and sessions with a pause of 10 s. All run on Flink in one JVM with parallelism"
        + " 2, state on the heap, object reuse and a checkpoint every 10 s. The ratio is the worst"
        + " contest's, with the peer that is cheaper there.";
  }

  @Override
  public long defaultEvents() {
    return 8_000_000;
  }

  @Override
  public int defaultWarmups() {
    return 8;
  }

  @Override
  public String stateUnit() {
    return "slice";
  }

  @Override
  public List<Entrant> entrants() {
    return Arrays.stream(WindowKind.values()).flatMap(WindowsBenchmark::contest).toList();
  }

  private static Stream<Entrant> contest(WindowKind kind) {
    return Stream.of(
        new Entrant(
            kind.word(),
            "Millrace",
            Role.MILLRACE,
            "blocks of readings, unpacked, then AggregateByWindow",
            settings -> new MillraceWindows(settings, kind)),
        new Entrant(
            kind.word(),
            "native Flink",
            Role.PEER,
            "DataStream window job by hand: one reused object for readings, an accumulator that is"
                + " changed in place, own serializers",
            settings -> new NativeWindows(settings, kind)),
        new Entrant(
            kind.word(),
            "Flink SQL",
            Role.PEER,
            "TUMBLE, HOP and SESSION as table functions, on binary rows that nothing converts",
            settings -> new SqlWindows(settings, kind)));
  }

  @Override
  public Scene prepare(Request request) throws IOException {
    return ReadingsFiles.write(request);
  }
}
