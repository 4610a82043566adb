package io.millrace.transforms.entity;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Events are text: a letter, and a number if it matters; entities are the letters in the order in
 * which they were applied. A {@code !} ends the entity. Times are in seconds.
 */
final class Letters {
  static final KvCoder<String, String> CODER =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());

  /** Evolves within ten seconds; an event is identified by all of its text. */
  static EvolveEntity.Evolve<String, String, String> evolve() {
    return EvolveEntity.<String, String, String>by(Letters::apply, StringUtf8Coder.of())
        .identifiedBy(event -> event)
        .within(Duration.standardSeconds(10));
  }

  static String apply(String letters, String event) {
    if (event.startsWith("!")) {
      return null;
    }
    return (letters == null ? "" : letters) + event.charAt(0);
  }

  static TimestampedValue<KV<String, String>> at(double second, String key, String event) {
    return TimestampedValue.of(KV.of(key, event), second(second));
  }

  static Instant second(double second) {
    return Instant.ofEpochMilli((long) (second * 1000));
  }

  /** The newest state of each key, as letters, how many events and the second; once all is said. */
  static Map<String, String> newest(Iterable<KV<String, Evolved<String>>> said) {
    Map<String, TreeMap<Long, Evolved<String>>> byKey = new HashMap<>();
    for (KV<String, Evolved<String>> entity : said) {
      Evolved<String> before =
          byKey
              .computeIfAbsent(entity.getKey(), key -> new TreeMap<>())
              .put(entity.getValue().revision(), entity.getValue());
      assertThat("a revision said twice: " + entity, before == null);
    }
    Map<String, String> newest = new TreeMap<>();
    byKey.forEach((key, revisions) -> newest.put(key, show(revisions.lastEntry().getValue())));
    return newest;
  }

  static String show(Evolved<String> evolved) {
    return "%s %s @%s"
        .formatted(
            evolved.isGone() ? "gone" : evolved.entity(),
            evolved.events(),
            evolved.asOf().getMillis() / 1000);
  }

  /** Revisions of a key go up by one. */
  static void assertCountedUp(Iterable<KV<String, Evolved<String>>> said, String key) {
    List<Long> revisions = new ArrayList<>();
    for (KV<String, Evolved<String>> entity : said) {
      if (entity.getKey().equals(key)) {
        revisions.add(entity.getValue().revision());
      }
    }
    assertThat(
        revisions.stream().sorted().toList(),
        is(LongStream.rangeClosed(1, revisions.size()).boxed().toList()));
  }

  private Letters() {}
}
