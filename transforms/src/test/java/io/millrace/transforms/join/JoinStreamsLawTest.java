package io.millrace.transforms.join;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.oracle.Differences;
import io.millrace.transforms.oracle.DroppedForLateness;
import io.millrace.transforms.oracle.Gathered;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * What a join gives is what a loop in a loop finds in all elements that were not too late, in
 * whatever order, bundles and repetitions they come, on bounded and unbounded input, with and
 * without spreading keys. Each key is a case; there are sixty in a run.
 */
class JoinStreamsLawTest {

  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void unboundedOnDirect(@ForAll @LongRange(min = 0, max = 999_999_999) long seed) {
    JoinScene scene = new JoinScene(seed);
    check(TestRunner.DIRECT, scene, scene.unbounded());
  }

  @Property(tries = 12, shrinking = ShrinkingMode.OFF)
  void unboundedOnFlink(@ForAll @LongRange(min = 0, max = 999_999_999) long seed) {
    JoinScene scene = new JoinScene(seed);
    check(TestRunner.FLINK_STREAMING, scene, scene.unbounded());
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void boundedOnDirect(@ForAll @LongRange(min = 0, max = 999_999_999) long seed) {
    JoinScene scene = new JoinScene(seed);
    check(TestRunner.DIRECT, scene, scene.bounded());
  }

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void boundedOnFlink(@ForAll @LongRange(min = 0, max = 999_999_999) long seed) {
    JoinScene scene = new JoinScene(seed);
    TestRunner runner = seed % 2 == 0 ? TestRunner.FLINK_BATCH : TestRunner.FLINK_STREAMING;
    check(runner, scene, scene.bounded());
  }

  private static void check(
      TestRunner runner, JoinScene scene, PTransform<PBegin, PCollection<KV<String, String>>> all) {
    Gathered.clear();
    TestPipeline pipeline = runner.pipeline();
    PCollection<KV<String, String>> events = pipeline.apply("Events", all);
    JoinedStreams<String, String, String> joined =
        KeyedStreams.of(
                events.apply("Left", Filter.by(event -> JoinScene.isLeft(event.getValue()))),
                events.apply("Right", Filter.by(event -> !JoinScene.isLeft(event.getValue()))))
            .apply(scene.join());
    joined
        .joined()
        .apply("Text", ParDo.of(new TextFn()))
        .apply("GatherJoined", Gathered.as("joined"));
    joined
        .tooLateLeft()
        .apply("TextLeft", ParDo.of(new LateFn()))
        .apply("GatherLeft", Gathered.as("tooLate"));
    joined
        .tooLateRight()
        .apply("TextRight", ParDo.of(new LateFn()))
        .apply("GatherRight", Gathered.as("tooLate"));
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    assertThat(DroppedForLateness.by(run), is(0L));
    List<String> tooLate = Gathered.take("tooLate");
    List<JoinScene.Event> inTime = new ArrayList<>(scene.arriving());
    for (String late : tooLate) {
      assertThat(late, inTime.remove(JoinScene.Event.parse(late)), is(true));
    }
    assertThat(
        scene + " " + tooLate.size() + " too late",
        Differences.between(scene.expected(inTime), Gathered.take("joined")),
        is(empty()));
  }

  static final class TextFn extends DoFn<KV<String, Joined<String, String>>, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<String, Joined<String, String>> joined,
        @Timestamp Instant timestamp,
        OutputReceiver<String> out) {
      Joined<String, String> pair = joined.getValue();
      out.output(
          JoinScene.text(
              timestamp.getMillis(),
              JoinScene.Event.of(joined.getKey(), pair.left(), pair.leftTime()),
              JoinScene.Event.of(joined.getKey(), pair.right(), pair.rightTime())));
    }
  }

  static final class LateFn extends DoFn<KV<String, String>, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<String, String> late, @Timestamp Instant time, OutputReceiver<String> out) {
      out.output(JoinScene.Event.of(late.getKey(), late.getValue(), time).text());
    }
  }
}
