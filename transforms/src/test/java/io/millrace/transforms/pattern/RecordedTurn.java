package io.millrace.transforms.pattern;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.time.KeyEvent;
import io.millrace.transforms.time.KeyProcess;
import io.millrace.transforms.time.KeyTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Gives a rule a key's turns, and records its alerts. Events are texts; times are small numbers.
 */
final class RecordedTurn implements KeyTurn<Alert<String>> {
  static final AlertMaker<String> MAKER = new AlertMaker<>("rule", StringUtf8Coder.of(), null);
  private static final byte[] KEY = {1, 'k'};

  private final List<String> alerts = new ArrayList<>();
  private final TreeSet<Long> asked = new TreeSet<>();
  private final KeyProcess<Alert<String>> process;
  private byte @Nullable [] state;
  private long watermark;

  RecordedTurn(Rule<String> rule) {
    process = rule.process(MAKER);
  }

  static KeyEvent event(long time, String text) {
    ByteWriter bytes = new ByteWriter(8);
    bytes.writeText(text);
    return new KeyEvent(time, bytes.toByteArray());
  }

  /** All events in one turn after the last watermark. */
  static List<String> alerts(Rule<String> rule, List<KeyEvent> events) {
    RecordedTurn turn = new RecordedTurn(rule);
    turn.to(Long.MAX_VALUE, events);
    return turn.alerts;
  }

  /** The same events in turns that end anywhere, and those that were asked for. */
  static List<String> alertsInTurns(Rule<String> rule, List<KeyEvent> events, Random random) {
    RecordedTurn turn = new RecordedTurn(rule);
    int from = 0;
    for (long watermark = 0; from < events.size(); watermark += 1 + random.nextInt(4)) {
      int to = from;
      while (to < events.size() && events.get(to).timestamp() < watermark) {
        to++;
      }
      boolean isAskedFor = turn.asked.removeIf(turn.before(watermark));
      if (to > from || isAskedFor || random.nextInt(4) == 0) {
        turn.to(watermark, events.subList(from, to));
      }
      from = to;
    }
    turn.to(Long.MAX_VALUE, List.of());
    return turn.alerts;
  }

  private Predicate<Long> before(long time) {
    return other -> other <= time;
  }

  void to(long time, List<KeyEvent> events) {
    watermark = time;
    process.process(KEY, events, this);
  }

  List<String> alerts() {
    return alerts;
  }

  boolean keepsNothing() {
    return state == null;
  }

  @Override
  public byte @Nullable [] state() {
    return state;
  }

  @Override
  public void keep(byte @Nullable [] bytes) {
    state = bytes;
  }

  @Override
  public long watermark() {
    return watermark;
  }

  @Override
  public void wakeAt(long time) {
    asked.add(time);
  }

  @Override
  public void output(Alert<String> alert, long timestamp) {
    assertThat(timestamp, is(alert.end().getMillis()));
    assertThat(timestamp <= watermark, is(true));
    alerts.add(
        alert.events().stream()
                .map(event -> event.timestamp().getMillis() + event.event())
                .collect(Collectors.joining(" "))
            + " @"
            + timestamp);
  }
}
