package io.millrace.transforms.quality;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Encodes a {@link RetryMark} as its line of JSON; no encoded mark outlives a run. */
final class RetryMarkCoder extends AtomicCoder<RetryMark> {
  private static final long serialVersionUID = 1L;

  /** Of marks by the record that their letters are of. */
  static final KvCoder<String, RetryMark> BY_RECORD =
      KvCoder.of(StringUtf8Coder.of(), new RetryMarkCoder());

  @Override
  public void encode(RetryMark mark, OutputStream out) throws IOException {
    StringUtf8Coder.of().encode(mark.toJson(), out);
  }

  @Override
  public RetryMark decode(InputStream in) throws IOException {
    return RetryMark.parse(StringUtf8Coder.of().decode(in));
  }
}
