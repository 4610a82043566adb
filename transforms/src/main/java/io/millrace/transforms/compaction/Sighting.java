package io.millrace.transforms.compaction;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What a choice among changes goes by: a change without its values, and the place of its record.
 * Written in one job and read by it, so its format has no versions.
 */
record Sighting(Operation operation, List<String> unchanged, Position position, Place place) {

  /** What tells rows apart: the table and the key. */
  static byte[] row(ChangeEvent change) {
    byte[] key = change.key().bytes();
    ByteWriter out = new ByteWriter(change.table().length() + key.length + 4);
    out.writeText(change.table());
    out.writeRaw(key, 0, key.length);
    return out.toByteArray();
  }

  static byte[] encode(ChangeEvent change, Place place) {
    ByteWriter out = new ByteWriter(40);
    out.writeByte(change.operation().code());
    out.writeBytes(change.position().bytes());
    out.writeVarint(place.part());
    out.writeVarint(place.index());
    out.writeVarint(change.unchanged().size());
    change.unchanged().forEach(out::writeText);
    return out.toByteArray();
  }

  static Sighting decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    Operation operation = Operation.ofCode(in.readByte());
    Position position = Position.of(in.readBytes());
    Place place = new Place(in.readLength(), in.readLength());
    int count = in.readLength();
    List<String> unchanged = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      unchanged.add(in.readText());
    }
    return new Sighting(operation, unchanged, position, place);
  }
}
