package io.millrace.transforms.quality;

import com.google.auto.value.AutoValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PDone;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Marks the dead letters that were sent again (see {@link ResendDeadLetters}): as done, or with the
 * reason why they failed once more.
 *
 * <p>A letter is done only once all its changes have passed the sink. So marks are written at the
 * end of the input, which is bounded, and in one go; a run that ends before has marked nothing, and
 * the next one sends everything again, which a guarded sink takes without harm. One worker holds
 * all marks in memory, some 300 bytes each.
 *
 * <p>What the sink refused is told by {@link #refused}. Where two letters are of one record (with
 * different bytes), and the sink refused a change of it, both stay.
 */
@AutoValue
public abstract class MarkDeadLetters
    extends PTransform<PCollection<KV<String, RetryMark>>, PDone> {
  abstract String directory();

  abstract @Nullable PCollection<DeadLetter> refused();

  /** Marks letters of this directory. */
  public static MarkDeadLetters in(String directory) {
    return new AutoValue_MarkDeadLetters(directory, null);
  }

  /** What the sink refused of the changes that were sent again; those letters stay. */
  public MarkDeadLetters refused(PCollection<DeadLetter> refused) {
    return new AutoValue_MarkDeadLetters(directory(), refused);
  }

  @Override
  public PDone expand(PCollection<KV<String, RetryMark>> attempts) {
    if (attempts.isBounded() != IsBounded.BOUNDED) {
      throw new IllegalArgumentException("Dead letters are marked at the end of a bounded input");
    }
    PCollection<KV<String, RetryMark>> all = attempts;
    PCollection<DeadLetter> refusals = refused();
    if (refusals != null) {
      all =
          PCollectionList.of(attempts)
              .and(
                  refusals
                      .apply("Refusals", ParDo.of(new RefusalFn()))
                      .setCoder(RetryMarkCoder.BY_RECORD))
              .apply("Outcomes", Flatten.pCollections());
    }
    all.apply("Together", WithKeys.of(""))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), RetryMarkCoder.BY_RECORD))
        .apply("AtTheEnd", GroupByKey.create())
        .apply("Write", ParDo.of(new MarkFn(directory())));
    return PDone.in(attempts.getPipeline());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("directory", directory()));
  }

  /** Tells a refusal to the letters of the same record. */
  static final class RefusalFn extends DoFn<DeadLetter, KV<String, RetryMark>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element DeadLetter refused, OutputReceiver<KV<String, RetryMark>> out) {
      out.output(KV.of(LetterId.ofRecord(refused.origin()), RetryMark.refusal(refused)));
    }
  }

  /** Decides what became of each letter and writes all marks of a run. */
  static final class MarkFn extends DoFn<KV<String, Iterable<KV<String, RetryMark>>>, Void> {
    private static final long serialVersionUID = 1L;

    private final String directory;

    MarkFn(String directory) {
      this.directory = directory;
    }

    @ProcessElement
    public void process(@Element KV<String, Iterable<KV<String, RetryMark>>> run)
        throws IOException {
      Map<String, KV<String, RetryMark>> attempts = new HashMap<>();
      Map<String, SortedMap<String, RetryMark>> refusals = new HashMap<>();
      for (KV<String, RetryMark> outcome : run.getValue()) {
        RetryMark mark = outcome.getValue();
        if (mark.isRefusal()) {
          refusals.computeIfAbsent(outcome.getKey(), key -> new TreeMap<>()).put(mark.id(), mark);
        } else {
          attempts.put(mark.id(), outcome);
        }
      }
      List<RetryMark> marks = new ArrayList<>();
      for (KV<String, RetryMark> attempt : attempts.values()) {
        marks.add(decide(attempt.getValue(), refusals.get(attempt.getKey())));
      }
      RetryMarks.in(directory).add(marks);
    }

    /** A letter of a refused change is refused by name, any other with what is of its record. */
    private static RetryMark decide(
        RetryMark attempt, @Nullable SortedMap<String, RetryMark> refusals) {
      if (!attempt.done() || refusals == null) {
        return attempt;
      }
      RetryMark refusal = refusals.get(attempt.id());
      if (refusal == null && attempt.stage() != DeadLetter.Stage.WAREHOUSE) {
        refusal = refusals.get(refusals.firstKey());
      }
      return refusal == null ? attempt : attempt.failed(refusal.reason(), refusal.message());
    }
  }
}
