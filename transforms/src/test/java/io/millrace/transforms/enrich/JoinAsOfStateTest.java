package io.millrace.transforms.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.millrace.schemas.Position;
import io.millrace.transforms.block.PacketWriter;
import java.util.Map;
import java.util.Random;
import org.apache.beam.runners.core.InMemoryStateInternals;
import org.apache.beam.runners.core.StateNamespaces;
import org.apache.beam.runners.core.StateTags;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** What the join keeps of a bucket: how many bytes, and for how long. */
class JoinAsOfStateTest {
  private static final long SECOND = 1000;
  private static final int KEYS = 1_000;
  private static final int FACTS = 400;
  private static final int CHANGES = 50;
  private static final int VALUE_BYTES = 20;

  /** Key, position, row; time, flags and lengths. */
  private static final int VERSION_BYTES = 9 + VALUE_BYTES + 12;

  private final InMemoryStateInternals<String> state = InMemoryStateInternals.forKey("bucket");
  private final MapState<String, byte[]> versions =
      state.state(
          StateNamespaces.global(),
          StateTags.map("versions", StringUtf8Coder.of(), ByteArrayCoder.of()));
  private final MapState<Long, byte[]> facts =
      state.state(
          StateNamespaces.global(), StateTags.map("facts", VarLongCoder.of(), ByteArrayCoder.of()));
  private final Counted out = new Counted();
  private final Random random = new Random(7);
  private BucketState bucket = BucketState.NEW;

  /** 270,000 events in ten minutes, a twentieth of the keys changing each second. */
  @Test
  void stateStaysWithinItsBytesAndDoesNotGrowWithTime() throws CoderException {
    long most = mostBytes(new AsOfRules(true, 10 * SECOND, 5 * SECOND));
    // Horizon, wait, and the second that has just come.
    long keptFacts = 16L * FACTS;
    long heldVersions = KEYS + 16L * CHANGES;
    assertThat(out.said, is(greaterThan(200_000L)));
    assertThat(
        most,
        is(
            lessThanOrEqualTo(
                keptFacts * (6 + VALUE_BYTES + 5)
                    + KEYS * 7
                    + (heldVersions * 5 / 4 + 256 + CHANGES) * VERSION_BYTES
                    + 16 * 1024)));
    assertThat(most, is(greaterThan(keptFacts * (6 + VALUE_BYTES))));
  }

  @Test
  void withoutAHorizonNoFactIsKeptThatWasSaid() throws CoderException {
    mostBytes(new AsOfRules(false, 0, 0));
    assertThat(bucket.chunks().size(), is(lessThan(3)));
    assertThat(bytesOfFacts(), is(lessThanOrEqualTo(FACTS * (6L + VALUE_BYTES + 5))));
  }

  /** The most bytes of ten minutes; in the last nine there are hardly more than in the first. */
  private long mostBytes(AsOfRules rules) throws CoderException {
    long most = 0;
    long mostOfFirstMinute = 0;
    for (long now = 0; now < 600 * SECOND; now += SECOND) {
      long watermark = now;
      byte[] changes = changes(now);
      byte[] packet = facts(now);
      call(rules, watermark, join -> join.addVersions(changes));
      call(rules, watermark, join -> join.addFacts(packet));
      call(rules, watermark + SECOND / 2, join -> {});
      most = Math.max(most, bytesOfFacts() + bytesOfVersions());
      mostOfFirstMinute = now < 60 * SECOND ? most : mostOfFirstMinute;
    }
    assertThat(most, is(lessThanOrEqualTo(mostOfFirstMinute * 11 / 10)));
    return most;
  }

  private interface Work {
    void on(AsOfBucket<String, String> join);
  }

  private void call(AsOfRules rules, long watermark, Work work) throws CoderException {
    KnownRows<String, String> rows = new KnownRows<>(versions, bucket);
    FactChunks chunks = new FactChunks(facts, bucket);
    AsOfBucket<String, String> join = new AsOfBucket<>(rules, rows, chunks, out, watermark);
    join.advance();
    work.on(join);
    bucket =
        CoderUtils.clone(
            new BucketStateCoder(),
            new BucketState(
                watermark,
                join.due(),
                join.held(),
                rows.count(),
                rows.swept(),
                chunks.nextId(),
                chunks.all()));
  }

  private byte[] facts(long now) {
    PacketWriter packet = new PacketWriter();
    for (int i = 0; i < FACTS; i++) {
      write(packet, now + random.nextInt(1000), "v".repeat(VALUE_BYTES - 1).getBytes(UTF_8));
    }
    return packet.take();
  }

  private byte[] changes(long now) throws CoderException {
    PacketWriter packet = new PacketWriter();
    for (int i = 0; i < CHANGES; i++) {
      long time = now + random.nextInt(1000);
      TableVersion<String> version =
          TableVersion.row(
              Instant.ofEpochMilli(time), Position.of(new byte[8]), "r".repeat(VALUE_BYTES - 1));
      write(
          packet,
          time,
          CoderUtils.encodeToByteArray(TableVersionCoder.of(StringUtf8Coder.of()), version));
    }
    return packet.take();
  }

  /** Keys are a length and six digits. */
  private void write(PacketWriter packet, long time, byte[] value) {
    byte[] key = ("\u0006" + (100_000 + random.nextInt(KEYS))).getBytes(UTF_8);
    byte[] nested = value;
    if (value[0] == 'v') {
      nested = new byte[value.length + 1];
      nested[0] = (byte) value.length;
      System.arraycopy(value, 0, nested, 1, value.length);
    }
    packet.write(time, key, key.length, nested, nested.length);
  }

  private long bytesOfFacts() {
    long bytes = 0;
    for (Map.Entry<Long, byte[]> entry : facts.entries().read()) {
      bytes += entry.getValue().length;
    }
    return bytes;
  }

  private long bytesOfVersions() {
    long bytes = 0;
    for (Map.Entry<String, byte[]> entry : versions.entries().read()) {
      bytes += entry.getKey().length() + entry.getValue().length;
    }
    return bytes;
  }

  private static final class Counted implements AsOfOutput<String, String> {
    private long said;

    @Override
    public void say(Fact fact, KnownRow<String, String> row, int at) {
      said++;
    }

    @Override
    public void takeBack(Fact fact, KnownRow<String, String> row, Versions before, int at) {}

    @Override
    public void unmatched(Fact fact, KnownRow<String, String> row) {}

    @Override
    public void tooLate(Fact fact, KnownRow<String, String> row) {}

    @Override
    public void tooLate(Version version) {}
  }
}
