package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.RejectedRecordException.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LetterIdTest {

  /** Marks that are there name letters by it. */
  @Test
  void anIdentityStaysAsItIs() {
    assertThat(
        LetterId.of(Letters.record(5, Letters.bytes("{"))), is("511a28fe73ba0dd5aa1902eefcf130d1"));
    assertThat(LetterId.of(Letters.change(5)), is("682b63dc117297fe64b2ca6c32548126"));
  }

  @Test
  void whyAndWhenALetterWasStoppedDoesNotCount() {
    DeadLetter once = Letters.line(3, Letters.bytes("{"));
    DeadLetter again =
        DeadLetter.builder()
            .setStage(once.stage())
            .setOrigin(once.origin())
            .setRecord(once.record())
            .setReason(Reason.TOO_LARGE)
            .setMessage("another")
            .setTable("shop.orders")
            .setRejectedAtMillis(1)
            .build();
    assertThat(LetterId.of(again), is(LetterId.of(once)));
  }

  @Test
  void otherBytesAndOtherOriginsAreOtherLetters() {
    List<DeadLetter> letters =
        List.of(
            Letters.line(3, Letters.bytes("{")),
            Letters.line(4, Letters.bytes("{")),
            Letters.line(3, Letters.bytes("[")),
            Letters.line(3, Letters.bytes("")),
            Letters.record(3, Letters.bytes("{")),
            Letters.change(3),
            Letters.change(4));
    Set<String> ids = new HashSet<>();
    letters.forEach(letter -> ids.add(LetterId.of(letter)));
    assertThat(ids, hasSize(letters.size()));
  }
}
