package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.PositionEncoder;
import java.util.List;

/** Short ways to write changes of the table {@code public.things} with columns a, b and c. */
final class Changes {
  static final String TABLE = "public.things";
  static final List<String> COLUMNS = List.of("a", "b", "c");

  static ChangeEvent upsert(int key, long position, String... unchanged) {
    return change(Operation.UPSERT, key, position)
        .setAfter(Image.ofJson("{\"at\":" + position + "}", ImageEncoding.CHANGES))
        .setUnchanged(List.of(unchanged))
        .build();
  }

  static ChangeEvent delete(int key, long position) {
    return change(Operation.DELETE, key, position).build();
  }

  static ChangeEvent truncate(long position) {
    return change(Operation.TRUNCATE, 0, position).setKey(Key.NONE).build();
  }

  private static ChangeEvent.Builder change(Operation operation, int key, long position) {
    return ChangeEvent.builder()
        .setTable(TABLE)
        .setOperation(operation)
        .setKey(Key.of(new byte[] {(byte) (key >> 8), (byte) key}))
        .setPosition(new PositionEncoder().start(0).number(position).end())
        .setOrigin(Origin.ofFile("changes", position, position));
  }

  private Changes() {}
}
