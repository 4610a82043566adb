package io.millrace.transforms.time;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.joda.time.Duration;

/** Learns a device's clock from its events, and corrects them by it. */
final class CorrectProcess<T> implements KeyProcess<Corrected<T>> {
  private static final long serialVersionUID = 1L;

  private final DeviceTimes<T> times;
  private final Coder<T> coder;
  private final long slotMillis;

  CorrectProcess(DeviceTimes<T> times, Coder<T> coder, Duration horizon) {
    this.times = times;
    this.coder = coder;
    this.slotMillis = Math.max(1, horizon.getMillis() / ClockOffset.SLOTS);
  }

  @Override
  public void process(byte[] key, List<KeyEvent> events, KeyTurn<Corrected<T>> turn) {
    byte[] state = turn.state();
    ClockOffset clock = state == null ? new ClockOffset() : ClockOffset.decode(state);
    List<T> elements = events.stream().map(event -> decode(event.bytes())).toList();
    int learnt = 0;
    for (int i = 0; i < events.size(); i++) {
      // What came in the same millisecond is learnt from at the same time.
      for (; learnt < events.size() && at(events, learnt) == at(events, i); learnt++) {
        learn(clock, at(events, learnt), elements.get(learnt));
      }
      T element = elements.get(i);
      long occurredAt = times.occurredAt(element) + clock.offset();
      turn.output(
          Corrected.of(element, occurredAt, clock.offset(), clock.uncertainty()),
          Math.floorDiv(occurredAt, 1000L));
    }
    if (events.isEmpty()) {
      clock.expire(slot(turn.watermark()));
    }
    turn.keep(clock.isEmpty() ? null : clock.encode());
  }

  private void learn(ClockOffset clock, long receivedMillis, T element) {
    clock.expire(slot(receivedMillis));
    long received = times.receivedAt(element);
    if (received != DeviceTimes.NO_TIME && !times.device(element).isEmpty()) {
      long sent = times.sentAt(element);
      long told = sent == DeviceTimes.NO_TIME ? times.occurredAt(element) : sent;
      clock.add(slot(receivedMillis), received - told);
    }
  }

  private long slot(long millis) {
    return Math.floorDiv(millis, slotMillis);
  }

  private static long at(List<KeyEvent> events, int index) {
    return events.get(index).timestamp();
  }

  private T decode(byte[] bytes) {
    try {
      return coder.decode(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("An event cannot be decoded by " + coder, e);
    }
  }
}
