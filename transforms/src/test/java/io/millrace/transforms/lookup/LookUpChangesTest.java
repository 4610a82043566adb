package io.millrace.transforms.lookup;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import java.util.Collections;
import java.util.HexFormat;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that are kept by their changes. */
class LookUpChangesTest {
  private static final KvCoder<String, String> ELEMENTS =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());
  private static final KvCoder<String, String> CHANGES =
      KvCoder.of(StringUtf8Coder.of(), NullableCoder.of(StringUtf8Coder.of()));
  private static final Duration SECOND = Duration.standardSeconds(1);

  private static TimestampedValue<KV<String, String>> at(int second, String key, String value) {
    return TimestampedValue.of(KV.of(key, value), Instant.ofEpochSecond(second));
  }

  private static void expect(
      PCollection<KV<String, LookedUp<String, String>>> answers, String expected) {
    PAssert.that(answers)
        .satisfies(
            all -> {
              TreeSet<String> texts = new TreeSet<>();
              all.forEach(
                  answer -> texts.add(answer.getValue().element() + "=" + answer.getValue().row()));
              assertThat(texts.toString(), is(expected));
              return null;
            });
  }

  @ParameterizedTest
  @EnumSource
  void ofTheChangesOfAKeyThatWithTheLatestTimeCounts(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    PCollection<KV<String, String>> changes =
        pipeline.apply(
            "Changes",
            Create.timestamped(
                    at(2, "a", "new"),
                    at(1, "a", "old"),
                    at(3, "b", null),
                    at(2, "b", "before"),
                    at(1, "c", null),
                    at(2, "c", "again"))
                .withCoder(CHANGES));
    PCollection<KV<String, String>> elements =
        pipeline.apply(
            "Elements",
            Create.timestamped(at(0, "a", "1"), at(0, "b", "2"), at(0, "c", "3"), at(0, "d", "4"))
                .withCoder(ELEMENTS));
    expect(
        elements.apply(LookUp.<String, String, String>in(changes)),
        "[1=new, 2=null, 3=again, 4=null]");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void withoutAnyChangeThereIsNoRow(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    PCollection<KV<String, String>> changes = pipeline.apply("Changes", Create.empty(CHANGES));
    PCollection<KV<String, String>> elements =
        pipeline.apply("Elements", Create.timestamped(at(0, "a", "1")).withCoder(ELEMENTS));
    expect(elements.apply(LookUp.<String, String, String>in(changes)), "[1=null]");
    pipeline.run();
  }

  @Test
  void changesThatArriveMakeAVersionWhenTheClockHasComeToIt() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<KV<String, String>> all =
        pipeline.apply(
            TestStream.create(CHANGES)
                .addElements(at(1, "a", "row one"))
                .advanceProcessingTime(SECOND.multipliedBy(2))
                .addElements(at(0, "a", "1"))
                .addElements(at(2, "a", "row two"))
                .addElements(at(0, "a", "2"))
                .advanceProcessingTime(SECOND.multipliedBy(2))
                .addElements(at(0, "a", "3"))
                .advanceWatermarkToInfinity());
    PCollection<KV<String, String>> changes =
        all.apply("Changes", Filter.by(element -> element.getValue().startsWith("row")));
    PCollection<KV<String, String>> elements =
        all.apply("Elements", Filter.by(element -> !element.getValue().startsWith("row")));
    expect(
        elements.apply(LookUp.<String, String, String>in(changes)),
        "[1=row one, 2=row one, 3=row two]");
    pipeline.run();
  }

  @Test
  void aSignalHasATableReadAgain() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<KV<Integer, String>> all =
        pipeline.apply(
            TestStream.create(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()))
                .addElements(KV.of(7, "1"))
                .addElements(KV.of(7, "signal"))
                .addElements(KV.of(7, "2"))
                .advanceWatermarkToInfinity());
    PCollection<KV<Integer, String>> signals =
        all.apply("Signals", Filter.by(element -> element.getValue().equals("signal")));
    PCollection<KV<Integer, String>> elements =
        all.apply("Elements", Filter.by(element -> !element.getValue().equals("signal")));
    PAssert.that(
            elements
                .apply(
                    LookUp.<Integer, String, String>in(Shelf.open("signals"), StringUtf8Coder.of())
                        .refreshedBy(signals))
                .apply(ParDo.of(new ShowFn())))
        .containsInAnyOrder("1=load 1", "2=load 2");
    pipeline.run();
  }

  @Test
  void signalsThatComeTogetherHaveATableReadAFewTimesOnly() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    Shelf shelf = Shelf.open("together");
    PCollection<KV<String, String>> signals =
        pipeline.apply(
            "Signals",
            Create.of(Collections.nCopies(1000, KV.of("any", "thing"))).withCoder(ELEMENTS));
    PCollection<KV<Integer, String>> elements =
        pipeline.apply(
            "Elements",
            Create.of(KV.of(7, "1")).withCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of())));
    LookUp<Integer, String, String> lookUp = LookUp.in(shelf, StringUtf8Coder.of());
    elements.apply(lookUp.refreshedBy(signals));
    pipeline.run();
    assertThat(shelf.contents().loads.get(), is(allOf(greaterThan(0), lessThan(500))));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<KV<String, String>> changes = pipeline.apply("Changes", Create.empty(CHANGES));
    LookUp<String, String, String> lookUp = LookUp.in(changes);
    assertThrows(IllegalStateException.class, () -> lookUp.refreshedBy(changes));
    PCollection<KV<String, String>> elements =
        pipeline.apply(
            "Elements", Create.empty(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of())));
    elements.setCoder(KvCoder.of(NullableCoder.of(StringUtf8Coder.of()), StringUtf8Coder.of()));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> elements.apply(lookUp)).getMessage(),
        containsString("must have the same coder"));
  }

  @Test
  void theFormatOfWhatIsKeptStaysAsItIs() throws Exception {
    KeptRowCoder coder = new KeptRowCoder();
    byte[] row = {7};
    assertThat(hex(coder, new KeptRow(300, row)), is("06" + "01" + "d804" + "01" + "0107"));
    assertThat(hex(coder, new KeptRow(-1, null)), is("03" + "01" + "01" + "00"));
    KeptRow kept = CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex("0601d804010107"));
    assertThat(kept.timestamp(), is(300L));
    assertThat(kept.row(), is(row));
    KeptRow gone = CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex("03010100"));
    assertThat(gone.timestamp(), is(-1L));
    assertThat(gone.row() == null, is(true));
    assertThrows(
        CoderException.class,
        () -> CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex("03020100")));
  }

  private static String hex(KeptRowCoder coder, KeptRow row) throws CoderException {
    return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, row));
  }

  private static final class ShowFn extends DoFn<KV<Integer, LookedUp<String, String>>, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<Integer, LookedUp<String, String>> found, OutputReceiver<String> out) {
      out.output(found.getValue().element() + "=" + found.getValue().row());
    }
  }
}
