package io.millrace.transforms.lookup;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import java.util.List;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LookUpTest {
  private static final KvCoder<Integer, String> CODER =
      KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of());

  private static LookUp<Integer, String, String> in(Shelf shelf) {
    return LookUp.in(shelf, StringUtf8Coder.of());
  }

  private static PCollection<KV<Integer, String>> elements(TestPipeline pipeline) {
    return pipeline.apply(
        Create.of(List.of(KV.of(1, "a"), KV.of(1, "b"), KV.of(99, "c"), KV.of(100, "d")))
            .withCoder(CODER));
  }

  private static void expectAnswers(PCollection<KV<Integer, LookedUp<String, String>>> answers) {
    PAssert.that(answers)
        .satisfies(
            all -> {
              TreeSet<String> texts = new TreeSet<>();
              for (KV<Integer, LookedUp<String, String>> answer : all) {
                LookedUp<String, String> found = answer.getValue();
                texts.add(answer.getKey() + " " + found.element() + ": " + found.row());
                assertThat(found.version() + found.ageMillis() > 1_700_000_000_000L, is(true));
              }
              assertThat(
                  texts.toString(), is("[1 a: load 1, 1 b: load 1, 100 d: null, 99 c: load 1]"));
              return null;
            });
  }

  @ParameterizedTest
  @EnumSource
  void anElementMeetsTheRowOfItsKeyOrNone(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    expectAnswers(
        elements(pipeline)
            .apply(in(Shelf.open("meets" + runner)).refreshedEvery(Duration.standardSeconds(1))));
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void elementsWaitForTheFirstVersion(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    Shelf shelf = Shelf.closed("waits" + runner);
    expectAnswers(elements(pipeline).apply(ParDo.of(new OpenFn(shelf))).apply(in(shelf)));
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void aTableThatCannotBeLoadedFirstFailsTheRunByItsName(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    Shelf shelf = Shelf.open("fails" + runner);
    shelf.contents().failsFrom = 1;
    elements(pipeline).apply(in(shelf));
    assertThat(
        rootMessage(pipeline),
        is("the shelf fails" + runner + " cannot be loaded for a lookup: the shelf broke"));
  }

  @Test
  void twoRowsOfOneKeyAreRefused() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    Shelf shelf = Shelf.open("repeats");
    shelf.contents().repeatsFrom = 1;
    elements(pipeline).apply(in(shelf));
    assertThat(rootMessage(pipeline), containsString("there are two rows of the key 0"));
  }

  @Test
  void aTableThatIsTooLargeFailsTheRunAndNamesWhatToUse() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    elements(pipeline).apply(in(Shelf.open("many")).atMost(99, 1000));
    assertThat(
        rootMessage(pipeline),
        allOf(
            containsString("the shelf many has 100 rows in 800 bytes or more"),
            containsString("EnrichWith.versionedTable"),
            containsString("EnrichWith.service"),
            containsString("atMost")));
    TestPipeline other = TestRunner.DIRECT.pipeline();
    elements(other).apply(in(Shelf.open("wide")).atMost(100, 799));
    assertThat(rootMessage(other), containsString("at most 100 rows and 799 bytes"));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    LookUp<Integer, String, String> lookUp = in(Shelf.open("senseless"));
    assertThrows(IllegalArgumentException.class, () -> lookUp.refreshedEvery(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> lookUp.atMost(0, 1));
    assertThrows(IllegalArgumentException.class, () -> lookUp.atMost(1, (1L << 30) + 1));
    PCollection<KV<Integer, String>> windowed =
        elements(TestRunner.DIRECT.pipeline())
            .apply(Window.into(FixedWindows.of(Duration.standardDays(1))));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> windowed.apply(lookUp)).getMessage(),
        containsString("LookUp needs its input in the global window"));
  }

  private static String rootMessage(TestPipeline pipeline) {
    Throwable error = assertThrows(RuntimeException.class, pipeline::run);
    while (!(error instanceof LookupException || error instanceof TableTooLargeException)
        && error.getCause() != null) {
      error = error.getCause();
    }
    return error.getMessage();
  }

  /** Opens a shelf when an element has come. */
  private static final class OpenFn extends DoFn<KV<Integer, String>, KV<Integer, String>> {
    private static final long serialVersionUID = 1L;

    private final Shelf shelf;

    OpenFn(Shelf shelf) {
      this.shelf = shelf;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, String> element, OutputReceiver<KV<Integer, String>> out) {
      shelf.contents().mayLoad.countDown();
      out.output(element);
    }
  }
}
