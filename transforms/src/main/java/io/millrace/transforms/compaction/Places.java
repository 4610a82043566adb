package io.millrace.transforms.compaction;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.roaringbitmap.RoaringBitmap;

/** Sets of places in a part of the log as bytes, in the portable format of Roaring bitmaps. */
final class Places {

  static byte[] encode(RoaringBitmap places) {
    places.runOptimize();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(places.serializedSizeInBytes());
    try {
      places.serialize(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static RoaringBitmap decode(byte[] bytes) {
    RoaringBitmap places = new RoaringBitmap();
    try {
      places.deserialize(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return places;
  }

  private Places() {}
}
