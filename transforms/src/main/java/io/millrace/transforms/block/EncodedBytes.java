package io.millrace.transforms.block;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.coders.Coder;

/** Holds one encoded element after another, to be read where it lies. */
final class EncodedBytes extends ByteArrayOutputStream {

  <T> void encode(Coder<T> coder, T element) {
    reset();
    try {
      coder.encode(element, this);
    } catch (IOException e) {
      throw new UncheckedIOException(coder + " cannot encode " + element, e);
    }
  }

  /** The array that holds the element in its first {@link #size} bytes. */
  byte[] bytes() {
    return buf;
  }
}
