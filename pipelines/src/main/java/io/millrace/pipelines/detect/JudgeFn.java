package io.millrace.pipelines.detect;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.RunCounter;
import java.util.Arrays;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Judges events for a rule. Those of which there is no telling become dead letters. */
final class JudgeFn extends DoFn<BusinessEvent, JudgedEvent> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<JudgedEvent> JUDGED = new TupleTag<>("judged");
  static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");

  private final Judge judge;
  private final RunCounter rejected = RunCounter.named("records_rejected");

  JudgeFn(Judge judge) {
    this.judge = judge;
  }

  @ProcessElement
  public void process(@Element BusinessEvent event, MultiOutputReceiver out) {
    @Nullable JudgedEvent judged;
    try {
      judged = judge.judge(event);
    } catch (RejectedRecordException e) {
      rejected.add(1);
      out.get(DEAD_LETTERS).output(letter(event, e));
      return;
    }
    if (judged != null) {
      out.get(JUDGED).output(judged);
    }
  }

  private static DeadLetter letter(BusinessEvent event, RejectedRecordException rejected) {
    Image image = event.image();
    return DeadLetter.builder()
        .setStage(DeadLetter.Stage.PARSE)
        .setReason(rejected.reason())
        .setMessage(rejected.getMessage())
        .setTable(event.type())
        .setOrigin(event.origin())
        .setRecord(
            Arrays.copyOfRange(image.buffer(), image.offset(), image.offset() + image.length()))
        .setFormat(ChangeFormat.EVENTS)
        .setReceivedAtMillis(
            event.receivedAt() == BusinessEvent.NO_TIME
                ? null
                : Math.floorDiv(event.receivedAt(), 1_000L))
        .setRejectedAtMillis(System.currentTimeMillis())
        .build();
  }
}
