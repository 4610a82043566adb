package io.millrace.transforms.compaction;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;

import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowChoiceTest {
  private static Sighting change(Operation operation, int position, String... unchanged) {
    return new Sighting(
        operation,
        List.of(unchanged),
        Position.of(new byte[] {(byte) position}),
        new Place(0, position));
  }

  private static List<Integer> chosen(Sighting first, Sighting... others) {
    RowChoice row = new RowChoice(first);
    for (Sighting change : others) {
      row.offer(change);
    }
    return row.chosen().stream().map(Place::index).toList();
  }

  /** Where deleted rows keep their values, the color is that of 1; else there is none since 3. */
  @Test
  void aDeleteBetweenAValueAndWhatLeavesItOpenIsKeptWheneverItComes() {
    Sighting whole = change(Operation.INSERT, 1);
    Sighting part = change(Operation.UPDATE, 5, "color");
    Sighting delete = change(Operation.DELETE, 3);
    assertThat(chosen(whole, part, delete), containsInAnyOrder(1, 3, 5));
    assertThat(chosen(delete, part, whole), containsInAnyOrder(1, 3, 5));
    assertThat(chosen(whole, delete, part), containsInAnyOrder(1, 3, 5));
  }

  @Test
  void whatEveryColumnHasANewerValueForIsLeftOut() {
    Sighting whole = change(Operation.INSERT, 1);
    Sighting part = change(Operation.UPDATE, 5, "color");
    Sighting newest = change(Operation.UPDATE, 7);
    assertThat(chosen(whole, part, newest), containsInAnyOrder(7));
    assertThat(chosen(newest, part, whole), containsInAnyOrder(7));
    assertThat(chosen(part, whole, part), containsInAnyOrder(1, 5));
  }
}
