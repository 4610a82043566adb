package io.millrace.schemas.wire;

import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A text that is mostly the one that came last, such as the name of a table. */
public final class RecurringText {
  private byte[] token = {};
  private @Nullable String text;

  /** Moves over a text, and says what it is; null if it is unusual (see {@link JsonScanner}). */
  public @Nullable String next(JsonScanner json) {
    if (json.take(token)) {
      return text;
    }
    int start = json.position();
    if (!json.text()) {
      return null;
    }
    text = json.copyText();
    token = Arrays.copyOfRange(json.buffer(), start, json.position());
    return text;
  }
}
