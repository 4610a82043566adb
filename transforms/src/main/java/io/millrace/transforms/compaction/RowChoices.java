package io.millrace.transforms.compaction;

import io.millrace.schemas.Key;
import io.millrace.transforms.block.PacketReader;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.roaringbitmap.RoaringBitmap;

/** Chooses among the changes of some rows. */
final class RowChoices {
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private final Map<Key, RowChoice> rows = new HashMap<>();

  /** Takes in the sightings of a packet. */
  void offer(PacketReader packet) {
    while (packet.next()) {
      Sighting seen = Sighting.decode(packet.value(BYTES));
      Key row = Key.of(packet.copyKey());
      RowChoice known = rows.get(row);
      if (known == null) {
        rows.put(row, new RowChoice(seen));
      } else {
        known.offer(seen);
      }
    }
  }

  /** Where the changes are that were chosen, by part of the log. */
  Map<Integer, RoaringBitmap> chosen() {
    Map<Integer, RoaringBitmap> chosen = new HashMap<>();
    for (RowChoice row : rows.values()) {
      for (Place place : row.chosen()) {
        chosen.computeIfAbsent(place.part(), part -> new RoaringBitmap()).add(place.index());
      }
    }
    return chosen;
  }
}
