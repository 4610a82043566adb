package io.millrace.transforms.block;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class OpenBlocksTest {
  /** A runner subtracts it for each block, and an overflow is an exception that it catches. */
  @Test
  void skewAllowsForAnyAgeAndOverflowsNever() {
    Instant earliest = BoundedWindow.TIMESTAMP_MIN_VALUE;

    assertThat(
        BoundedWindow.TIMESTAMP_MAX_VALUE.minus(OpenBlocks.SKEW), lessThanOrEqualTo(earliest));
    assertThat(earliest.minus(OpenBlocks.SKEW), lessThanOrEqualTo(earliest));
  }
}
