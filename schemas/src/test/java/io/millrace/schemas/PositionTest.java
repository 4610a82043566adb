package io.millrace.schemas;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionTest {

  @Property
  void longsCompareNumerically(@ForAll long left, @ForAll long right) {
    assertThat(Integer.signum(at(left).compareTo(at(right))), equalTo(Long.compare(left, right)));
  }

  @Property
  void numbersOfAnySizeCompareNumerically(@ForAll BigInteger left, @ForAll BigInteger right) {
    assertThat(Integer.signum(at(left).compareTo(at(right))), equalTo(left.compareTo(right)));
  }

  @Property
  void aLongIsWrittenLikeTheBigIntegerOfItsValue(@ForAll long value) {
    assertThat(at(value), equalTo(at(BigInteger.valueOf(value))));
  }

  @Property
  void hexComparesAsTheBytesDo(@ForAll byte[] left, @ForAll byte[] right) {
    Position a = Position.of(left);
    Position b = Position.of(right);
    assertThat(
        Integer.signum(a.toHex().compareTo(b.toHex())), equalTo(Integer.signum(a.compareTo(b))));
    assertThat(Position.ofHex(a.toHex()), equalTo(a));
  }

  @Property
  void justBeforeIsBetweenAPositionAndAllThatComeBefore(
      @ForAll BigInteger left, @ForAll BigInteger right) {
    Assume.that(left.compareTo(right) < 0);
    Position before = at(right).justBefore();
    assertThat(before, is(lessThan(at(right))));
    assertThat(before, is(greaterThan(at(left).followedBy(1))));
  }

  @ParameterizedTest
  @CsvSource({"a, b", "a, a0", "a~, b", "Z, a"})
  void justBeforeATextIsBehindAllBefore(String left, String right) {
    PositionEncoder encoder = new PositionEncoder();
    Position before = encoder.start(0).endWith(right).justBefore();
    assertThat(before, is(lessThan(encoder.start(0).endWith(right))));
    assertThat(before, is(greaterThan(encoder.start(0).endWith(left).followedBy(1))));
  }

  @Property
  void theEpochIsTold(@ForAll @IntRange(min = 0) int epoch) {
    assertThat(
        PositionEncoder.epochOf(new PositionEncoder().start(epoch).number(7).end()),
        equalTo(epoch));
  }

  @Test
  void laterEpochIsAfterEverythingInAnEarlierOne() {
    PositionEncoder encoder = new PositionEncoder();
    Position late = encoder.start(0).number(Long.MAX_VALUE).end();
    assertThat(encoder.start(1).number(0).end(), is(greaterThan(late)));
  }

  @Test
  void nothingIsBeforeNone() {
    assertThat(Position.NONE, is(lessThan(at(Long.MIN_VALUE))));
  }

  @Test
  void textComparesBytewise() {
    PositionEncoder encoder = new PositionEncoder();
    assertThat(encoder.start(0).endWith("a"), is(lessThan(encoder.start(0).endWith("a0"))));
    assertThat(encoder.start(0).endWith("Z"), is(lessThan(encoder.start(0).endWith("a"))));
  }

  @Test
  void numberBeyondTheBoundIsRefused() {
    BigInteger huge = BigInteger.ONE.shiftLeft(8 * PositionEncoder.MAX_NUMBER_BYTES);
    assertThrows(IllegalArgumentException.class, () -> new PositionEncoder().start(0).number(huge));
  }

  /** Stored in state and in warehouses: these bytes must never change. */
  @Test
  void goldenBytes() {
    Position position =
        new PositionEncoder().start(0).number(23_911_624).rank(1).number(-2).number(300).end();
    assertThat(position.toHex(), equalTo("808401" + "6cdcc8" + "01" + "7ffe" + "82012c"));
  }

  private static Position at(long value) {
    return new PositionEncoder().start(0).number(value).end();
  }

  private static Position at(BigInteger value) {
    return new PositionEncoder().start(0).number(value).end();
  }
}
