package io.millrace.transforms.enrich;

import io.millrace.schemas.Position;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/**
 * Facts and versions as words: {@code fact KEY VALUE}, {@code row KEY VALUE}, {@code snapshot KEY
 * VALUE} and {@code delete KEY}, the last three with a position at the end if it matters, and after
 * it the second from which on they hold, if that is not their timestamp. They come in one stream,
 * so that both sides have one watermark. Times are in seconds.
 */
final class Told {
  static final KvCoder<String, String> FACTS =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());
  static final KvCoder<String, TableVersion<String>> VERSIONS =
      KvCoder.of(StringUtf8Coder.of(), TableVersionCoder.of(StringUtf8Coder.of()));

  static TimestampedValue<String> at(double second, String words) {
    return TimestampedValue.of(words, second(second));
  }

  static Instant second(double second) {
    return Instant.ofEpochMilli((long) (second * 1000));
  }

  static TestStream.Builder<String> stream() {
    return TestStream.create(StringUtf8Coder.of()).advanceWatermarkTo(second(0));
  }

  /** Joins what was told; in 7 buckets, so that keys meet. */
  static EnrichedFacts<String, String, String> join(PCollection<String> told, Join join) {
    PCollection<KV<String, TableVersion<String>>> table =
        told.apply("Versions", ParDo.of(new VersionsFn())).setCoder(VERSIONS);
    return told.apply("Facts", ParDo.of(new FactsFn()))
        .setCoder(FACTS)
        .apply(
            "Enrich",
            join.configure(
                EnrichWith.<String, String, String>versionedTable(table).withBuckets(7)));
  }

  /** How to join. */
  interface Join {
    JoinAsOf<String, String, String> configure(JoinAsOf<String, String, String> join);
  }

  /** What is said: {@code + KEY FACT ROW SINCE REVISION}, {@code -} for what is taken back. */
  static String show(KV<String, Enriched<String, String>> said) {
    Enriched<String, String> enriched = said.getValue();
    Instant since = enriched.since();
    return "%s %s %s %s #%s"
        .formatted(
            enriched.isVoid() ? "-" : "+",
            said.getKey(),
            enriched.fact(),
            since == null ? "none" : enriched.row() + " " + seconds(since),
            enriched.revision());
  }

  /** What is left of what was said, without timestamps and revisions, and how often. */
  static Map<String, Long> net(List<String> said) {
    Map<String, Long> net = new TreeMap<>();
    for (String text : said) {
      boolean isVoid = text.contains("- ");
      String what = text.replaceAll("^.*[+-] ", "").replaceAll(" #.*$", "");
      net.merge(what, isVoid ? -1L : 1L, Long::sum);
    }
    net.values().removeIf(count -> count == 0);
    return net;
  }

  private static String seconds(Instant time) {
    return String.valueOf(time.getMillis() / 1000.0).replaceAll("[.]0$", "");
  }

  private static final class FactsFn extends DoFn<String, KV<String, String>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element String told, OutputReceiver<KV<String, String>> out) {
      List<String> words = List.of(told.split(" ", -1));
      if (words.get(0).equals("fact")) {
        out.output(KV.of(words.get(1), words.get(2)));
      }
    }
  }

  private static final class VersionsFn extends DoFn<String, KV<String, TableVersion<String>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element String told,
        @Timestamp Instant timestamp,
        OutputReceiver<KV<String, TableVersion<String>>> out) {
      List<String> words = List.of(told.split(" ", -1));
      String kind = words.get(0);
      if (kind.equals("fact")) {
        return;
      }
      String value = kind.equals("delete") ? null : words.get(2);
      int count = value == null ? 2 : 3;
      int position = words.size() > count ? Integer.parseInt(words.get(count)) : 0;
      Instant since =
          words.size() > count + 1 ? second(Double.parseDouble(words.get(count + 1))) : timestamp;
      out.output(
          KV.of(
              words.get(1),
              new TableVersion<>(
                  since,
                  Position.of(new byte[] {1, (byte) position}),
                  value,
                  kind.equals("snapshot"))));
    }
  }

  private Told() {}
}
