package io.millrace.transforms.sketch;

import java.io.Serializable;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;

/** Turns values into bytes that are the same for equal ones. */
final class EncodedBytes<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Coder<T> coder;

  EncodedBytes(Coder<T> coder) {
    try {
      coder.verifyDeterministic();
    } catch (NonDeterministicException e) {
      throw new IllegalArgumentException(
          "Distinct values need a coder that gives equal values equal bytes, got " + coder, e);
    }
    this.coder = coder;
  }

  byte[] of(T value) {
    try {
      return CoderUtils.encodeToByteArray(coder, value);
    } catch (CoderException e) {
      throw new IllegalArgumentException(coder + " cannot encode " + value, e);
    }
  }
}
