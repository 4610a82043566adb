package io.millrace.transforms.window;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

/** What windows keep in state is written as it always was, so that it survives an upgrade. */
class WindowStateTest {
  private static final HexFormat HEX = HexFormat.of();

  private final KeyLayout<Sale> keys =
      new KeyLayout<>(
          List.of(Attribute.string("shop", Sale::shop), Attribute.int64("millis", Sale::millis)));
  private final AccumulatorLayout layout =
      new AccumulatorLayout(
          List.of(
              Aggregate.<Sale>sum("cents", Attribute.int64("cents", Sale::cents)),
              Aggregate.<Sale>min("shop", Attribute.string("shop", Sale::shop))));

  @Test
  void accumulators() throws Exception {
    AccumulatorTable table = new AccumulatorTable(layout);
    layout.add(new Sale("no", 5, 0), 0, table.slots, table.row(new byte[] {7}, 0, 1));
    layout.add(new Sale("an", 6, 0), 0, table.slots, table.row(new byte[] {7}, 0, 1));
    check(
        new AccumulatorTableCoder(layout),
        table,
        "12" + "01" + "01" + "0107" + "02" + "000000000000000b" + "0401" + "02" + "616e");
  }

  @Test
  void panes() throws Exception {
    PaneTable table = new PaneTable(layout);
    int row = table.row(new byte[] {7}, 0, 1);
    table.setSaid(row, 3);
    table.setChanged(row);
    table.addPending(row, 2);
    layout.add(new Sale("no", 5, 0), 0, table.values.slots, row);
    check(
        new PaneTableCoder(layout),
        table,
        "15" + "01" + "01" + "0107" + "01" + "0000000000000005" + "0401" + "026e6f" + "030302");
  }

  /** A sketch's coder takes no null. */
  @Test
  void panesOfWhichAllWasSaidHoldNoObjects() throws Exception {
    AccumulatorLayout sketches =
        new AccumulatorLayout(
            List.of(
                Aggregate.<Sale>approximateDistinct(
                    "shops", Attribute.string("shop", Sale::shop))));
    PaneTable table = new PaneTable(sketches);
    int row = table.row(new byte[] {7}, 0, 1);
    sketches.add(new Sale("no", 5, 0), 0, table.values.slots, row);
    table.setSaid(row, 3);
    check(
        new PaneTableCoder(sketches),
        table,
        "08" + "01" + "01" + "0107" + "00" + "01" + "03" + "00");
  }

  @Test
  void runs() throws Exception {
    RunTable table = new RunTable();
    Run run = new Run(layout, 10, 25);
    layout.add(new Sale("no", 5, 0), 0, run.value, 0);
    run.isClosed = true;
    run.isChanged = true;
    run.pending = 1;
    run.said = new Run.Said(10, 20, 2);
    Run.Said merged = new Run.Said(22, 22, 0);
    merged.value = new Slots(layout, 1);
    layout.add(new Sale("a", 1, 0), 0, merged.value, 0);
    run.merged.add(merged);
    table.key(new byte[] {7}, 0, 1).runs.add(run);
    String row = "01" + "0000000000000005" + "0401" + "026e6f";
    String mergedRow = "01" + "0000000000000001" + "0301" + "0161";
    check(
        new RunTableCoder(layout),
        table,
        "2d"
            + "01"
            + ("01" + "0107" + "01")
            + ("17" + "14" + "0f" + "01" + row)
            + ("14" + "0a" + "02" + "00")
            + ("01" + "2c" + "00" + "00" + "01" + mergedRow));
  }

  @Test
  void packets() {
    Slices slices = new Slices(Windows.tumbling(org.joda.time.Duration.millis(1000)));
    SlicePacker<Sale> packer = new SlicePacker<>(slices, keys, layout, 1);
    List<String> packets = new ArrayList<>();
    SlicePacker.Sink sink = (bucket, packet, earliest) -> packets.add(HEX.formatHex(packet));
    packer.add(new Sale("no", 5, 1), 2500);
    packer.add(new Sale("no", 6, 1), 2600);
    packer.flush(sink);
    String key = "0c" + "01" + "026e6f" + "0000000000000001";
    assertThat(
        packets,
        is(
            List.of(
                "01" + "0000000000000002" + key + "02" + "000000000000000b" + "0401" + "026e6f")));
  }

  @Test
  void stateOfALaterVersionIsRefused() {
    CoderException refused =
        assertThrows(
            CoderException.class,
            () ->
                CoderUtils.decodeFromByteArray(
                    new AccumulatorTableCoder(layout), HEX.parseHex("0202" + "00")));
    assertThat(refused.getMessage(), containsString("version 2 is newer"));
  }

  private static <T> void check(Coder<T> coder, T value, String golden) throws CoderException {
    byte[] written = CoderUtils.encodeToByteArray(coder, value);
    assertThat(HEX.formatHex(written), is(golden));
    T read = CoderUtils.decodeFromByteArray(coder, written);
    assertThat(HEX.formatHex(CoderUtils.encodeToByteArray(coder, read)), is(golden));
  }
}
