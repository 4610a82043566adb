package io.millrace.transforms.pattern;

import io.millrace.transforms.time.KeyEvent;
import io.millrace.transforms.time.KeyProcess;
import io.millrace.transforms.time.KeyTurn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/** Keeps a key's last events, as one open match, and tells when they are too many for a time. */
final class VelocityProcess<T> implements KeyProcess<Alert<T>> {
  private static final long serialVersionUID = 1L;

  private final int most;
  private final long millis;
  private final AlertMaker<T> maker;

  VelocityProcess(int most, long millis, AlertMaker<T> maker) {
    this.most = most;
    this.millis = millis;
    this.maker = maker;
  }

  @Override
  public void process(byte[] key, List<KeyEvent> events, KeyTurn<Alert<T>> turn) {
    OpenMatches open = OpenMatches.decode(turn.state());
    List<KeyEvent> last = open.matches().isEmpty() ? new ArrayList<>() : open.matches().remove(0);
    for (KeyEvent event : events) {
      passTo(event.timestamp(), last);
      last.add(event);
      if (last.size() > most) {
        TreeMap<String, Double> measures = new TreeMap<>();
        measures.put("events", (double) last.size());
        List<String> stages = Collections.nCopies(last.size(), "event");
        turn.output(maker.alert(key, stages, last, event.timestamp(), measures), event.timestamp());
        last.clear();
      }
    }
    passTo(turn.watermark(), last);
    if (!last.isEmpty()) {
      open.matches().add(last);
    }
    turn.keep(open.encode());
  }

  private void passTo(long time, List<KeyEvent> last) {
    last.removeIf(event -> event.timestamp() + millis <= time);
  }
}
