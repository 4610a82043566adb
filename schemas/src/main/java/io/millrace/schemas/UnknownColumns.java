package io.millrace.schemas;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What happens to a column that an event has and the contract does not know. */
public enum UnknownColumns {
  /** It is kept in the target's {@code _extra} column (the default). */
  CAPTURE,
  /** It is left out, and counted. */
  IGNORE,
  /** The whole record goes to the dead letters. */
  REJECT;

  /** The policy of this name in lower case, as contracts and options write it. */
  public static Optional<UnknownColumns> of(String name) {
    return Arrays.stream(values())
        .filter(policy -> policy.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }
}
