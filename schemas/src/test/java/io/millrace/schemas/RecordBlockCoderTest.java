package io.millrace.schemas;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;

class RecordBlockCoderTest {
  private static final RecordBlockCoder CODER = RecordBlockCoder.of();
  private static final List<RecordHeader> HEADERS =
      List.of(RecordHeader.of("a", new byte[] {2, -1}), RecordHeader.of("b", null));

  @Test
  void bytesStayAsTheyAre() throws CoderException {
    assertThat(hex(topic()), is("0b030473686f7006d804dc0411d80400d00f026b0000da0400d00f000100"));
    assertThat(
        hex(file()), is("15030e2f646174612fc3bc2e6a736f6e6c01c03e88400a804022d00f00037b7d00"));
    assertThat(
        hex(withHeaders()), is("06030174000206160200000000090801610302ff0162000400d00f000102"));
  }

  @Test
  void blocksOfTheVersionBeforeAreTaken() throws CoderException {
    assertThat(decode("0b020473686f7006d804dc040fd80400d00f026b00da0400d00f0001"), is(topic()));
    assertThat(
        decode("15020e2f646174612fc3bc2e6a736f6e6c01c03e884009804022d00f00037b7d"), is(file()));
  }

  @Test
  void recordsKeepTheirHeadersAndWhoStampedThem() {
    RecordBlock.Cursor record = withHeaders().records();
    assertThat(record.next(), is(true));
    assertThat(record.hasHeaders(), is(true));
    assertThat(record.headers(), is(HEADERS));
    assertThat(record.timestampKind(), is(TimestampKind.LOG_APPEND));
    assertThat(record.next(), is(true));
    assertThat(record.hasHeaders(), is(false));
    assertThat(record.headers(), is(List.of()));
    assertThat(record.timestampKind(), is(TimestampKind.NONE));
    assertThat(record.offset(), is(2L));
    assertThat(record.next(), is(false));
  }

  @Test
  void blocksComeBackAsTheyWere() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CODER, topic());
    CoderProperties.coderDecodeEncodeEqual(CODER, file());
    CoderProperties.coderDecodeEncodeEqual(CODER, withHeaders());
    CoderProperties.coderSerializable(CODER);
  }

  @Test
  void recordsKeepTheDifferenceBetweenEmptyAndAbsent() {
    RecordBlock.Cursor record = topic().records();
    assertThat(record.next(), is(true));
    assertThat(new String(record.copyKey(), StandardCharsets.UTF_8), is("k"));
    assertThat(record.copyValue(), is(nullValue()));
    assertThat(record.origin(), is(Origin.ofTopic("shop", 3, 300)));
    assertThat(record.timestampMillis(), is(1_000L));
    assertThat(record.next(), is(true));
    assertThat(record.copyKey(), is(nullValue()));
    assertThat(record.copyValue(), is(new byte[0]));
    assertThat(record.next(), is(false));
  }

  @Test
  void rangeIsThatOfTheRecordsWhereNoOtherIsGiven() {
    assertThat(topic().from(), is(300L));
    assertThat(topic().to(), is(302L));
    assertThat(file().from(), is(4_000L));
    assertThat(file().to(), is(4_100L));
  }

  @Test
  void writerIsEmptyAfterTaking() {
    RecordBlock.Writer writer = new RecordBlock.Writer(1);
    add(writer, 0, Origin.NO_LINE, null, "v");
    assertThat(writer.count(), is(1));
    assertThat(writer.take().length, is(8));
    assertThat(writer.count(), is(0));
    assertThat(writer.length(), is(0));
  }

  @Test
  void newerVersionIsRefused() {
    assertThrows(
        CoderException.class, () -> CoderUtils.decodeFromByteArray(CODER, new byte[] {1, 4}));
  }

  private static RecordBlock topic() {
    RecordBlock.Writer writer = new RecordBlock.Writer(16);
    add(writer, 300, Origin.NO_LINE, "k", null);
    add(writer, 301, Origin.NO_LINE, null, "");
    return RecordBlock.of("shop", 3, writer.take());
  }

  private static RecordBlock file() {
    RecordBlock.Writer writer = new RecordBlock.Writer(16);
    add(writer, 4_096, 17, null, "{}");
    return RecordBlock.of("/data/ü.jsonl", Origin.NO_PARTITION, 4_000, 4_100, writer.take());
  }

  private static RecordBlock withHeaders() {
    RecordBlock.Writer writer = new RecordBlock.Writer(16);
    ByteBuffer nothing = ByteBuffer.wrap(new byte[0]);
    writer.add(1, 0, TimestampKind.LOG_APPEND, null, null, HEADERS);
    writer.add(2, 1_000, TimestampKind.NONE, null, nothing, List.of());
    return RecordBlock.of("t", 0, 1, 3, writer.take());
  }

  private static void add(
      RecordBlock.Writer writer,
      long offset,
      long line,
      @Nullable String key,
      @Nullable String value) {
    byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
    writer.add(
        offset,
        line,
        1_000,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        bytes,
        0,
        bytes == null ? 0 : bytes.length);
  }

  private static RecordBlock decode(String hex) throws CoderException {
    return CoderUtils.decodeFromByteArray(CODER, HexFormat.of().parseHex(hex));
  }

  private static String hex(RecordBlock block) throws CoderException {
    return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(CODER, block));
  }
}
