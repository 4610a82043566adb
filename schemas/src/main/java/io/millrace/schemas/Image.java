package io.millrace.schemas;

import java.nio.charset.StandardCharsets;

/**
 * A row as a source sent it: the received bytes of a JSON object, untouched, and what is needed to
 * read them. The bytes are a slice of a larger array that images share, so making one copies
 * nothing; they must not be changed.
 */
public final class Image {
  private final byte[] buffer;
  private final int offset;
  private final int length;
  private final ImageEncoding encoding;

  private Image(byte[] buffer, int offset, int length, ImageEncoding encoding) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
    this.encoding = encoding;
  }

  public static Image of(byte[] buffer, int offset, int length, ImageEncoding encoding) {
    return new Image(buffer, offset, length, encoding);
  }

  public static Image ofJson(String json, ImageEncoding encoding) {
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    return new Image(utf8, 0, utf8.length, encoding);
  }

  /** The array the image is a slice of: read only. */
  public byte[] buffer() {
    return buffer;
  }

  public int offset() {
    return offset;
  }

  /** The image's length in bytes. */
  public int length() {
    return length;
  }

  /** How the columns of the image are written. */
  public ImageEncoding encoding() {
    return encoding;
  }

  /** The JSON object as text. */
  public String json() {
    return new String(buffer, offset, length, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Image that
        && encoding.equals(that.encoding)
        && java.util.Arrays.equals(
            buffer, offset, offset + length, that.buffer, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = encoding.hashCode();
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + buffer[i];
    }
    return hash;
  }

  /** Names the size only: images hold personal data and this text may end in a log. */
  @Override
  public String toString() {
    return "Image(" + length + " bytes, " + encoding + ")";
  }
}
