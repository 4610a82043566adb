package io.millrace.transforms.enrich;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.Position;
import io.millrace.transforms.block.PacketReader;
import io.millrace.transforms.block.PacketWriter;
import io.millrace.transforms.enrich.Enriched.Kind;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** What the join gives and keeps is written as it always was, so that it survives an upgrade. */
class EnrichCodersTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Position POSITION = Position.of(new byte[] {1, 2});

  @Test
  void versionsOfATable() throws Exception {
    Coder<TableVersion<String>> coder = TableVersionCoder.of(StringUtf8Coder.of());
    Instant time = Instant.ofEpochMilli(1000);
    check(
        coder,
        TableVersion.row(time, POSITION, "a"),
        "01" + "00" + "00000000000003e8" + "020102" + "0161");
    check(
        coder,
        TableVersion.snapshot(time, POSITION, "a"),
        "01" + "02" + "00000000000003e8" + "020102" + "0161");
    check(
        coder,
        TableVersion.delete(Instant.ofEpochMilli(-1), Position.NONE),
        "01" + "01" + "ffffffffffffffff" + "00");
    refuses(coder, "02");
  }

  @Test
  void enrichedFacts() throws Exception {
    Coder<Enriched<String, String>> coder =
        EnrichedCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());
    check(
        coder,
        new Enriched<>(Kind.ASSERT, "f", "a", Instant.ofEpochMilli(1000), 300),
        "01" + "02" + "ac02" + "0166" + "00000000000003e8" + "0161");
    check(coder, new Enriched<>(Kind.VOID, "f", null, null, 0), "01" + "01" + "00" + "0166");
    refuses(coder, "02");
  }

  @Test
  void versionsOfARowInState() throws Exception {
    Versions versions =
        Versions.EMPTY
            .with(version(TableVersion.row(Instant.ofEpochMilli(1), POSITION, "a")))
            .with(version(TableVersion.delete(Instant.ofEpochMilli(2), POSITION)));
    assertThat(
        HEX.formatHex(versions.bytes()),
        is(
            "01"
                + ("0000000000000002" + "01" + "020102" + "00")
                + ("0000000000000001" + "00" + "020102" + "020161")));
    assertThrows(IllegalStateException.class, () -> new Versions(new byte[] {2}));
  }

  @Test
  void bucketsInState() throws Exception {
    BucketState state =
        new BucketState(
            5,
            6,
            BucketState.NEVER,
            300,
            2,
            9,
            List.of(
                new FactChunk(7, FactKind.AHEAD, 10, 12, 10, 100),
                new FactChunk(5, FactKind.SAID, 1, 3, 4, 200)));
    check(
        new BucketStateCoder(),
        state,
        "1f01"
            + ("0a" + "0c" + "feffffffffffffffff01" + "ac02" + "02" + "09" + "02")
            + ("0e" + "01" + "14" + "04" + "03" + "64")
            + ("03" + "04" + "11" + "04" + "02" + "c801"));
    refuses(new BucketStateCoder(), "0102");
  }

  @Test
  void factsThatWereSaidInState() {
    PacketWriter packet = new PacketWriter();
    packet.write(5, new byte[] {7}, 1, new byte[] {(byte) 0xAC, 2, 8, 9}, 4);
    PacketReader reader = new PacketReader(packet.take());
    reader.next();
    Fact fact = Fact.ofChunk(reader, 6);
    assertThat(fact.revision(), is(300L));
    assertThat(fact.time(), is(5L));
    assertThat(fact.due(), is(6L));
    assertThat(fact.key(), is("\u0007"));
    assertThat(
        HEX.formatHex(fact.buffer(), fact.valueOffset(), fact.valueOffset() + fact.valueLength()),
        is("0809"));
  }

  private static Version version(TableVersion<String> version) throws CoderException {
    byte[] bytes =
        CoderUtils.encodeToByteArray(TableVersionCoder.of(StringUtf8Coder.of()), version);
    return Version.ofTable(bytes, 0, bytes.length);
  }

  private static <T> void check(Coder<T> coder, T value, String golden) throws Exception {
    assertThat(HEX.formatHex(CoderUtils.encodeToByteArray(coder, value)), is(golden));
    CoderProperties.coderDecodeEncodeEqual(coder, value);
    CoderProperties.coderSerializable(coder);
  }

  private static void refuses(Coder<?> coder, String hex) {
    byte[] newer = HEX.parseHex(hex);
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(coder, newer));
  }
}
