package io.millrace.schemas.contract;

import java.util.Locale;

/** Names that come in any case. */
public final class AnyCase {

  /** The form that is the same for all names that differ only by case. */
  public static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private AnyCase() {}
}
