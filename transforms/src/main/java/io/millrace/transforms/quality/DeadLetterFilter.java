package io.millrace.transforms.quality;

import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Which dead letters are meant; null means all.
 *
 * @param table {@code schema.table}; letters that know no table are not of it
 * @param reason why they failed last
 * @param stage where they were stopped first
 * @param since the first day of their rejection, in UTC
 * @param until the last day of their rejection, in UTC
 */
public record DeadLetterFilter(
    @Nullable String table,
    @Nullable Reason reason,
    DeadLetter.@Nullable Stage stage,
    @Nullable LocalDate since,
    @Nullable LocalDate until)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** All of them. */
  public static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null, null);

  /** Whether a letter is meant; {@code mark} says what became of it, null where nothing did. */
  boolean accepts(DeadLetter letter, @Nullable RetryMark mark) {
    LocalDate day =
        Instant.ofEpochMilli(letter.rejectedAtMillis()).atZone(ZoneOffset.UTC).toLocalDate();
    return (table == null || table.equals(letter.table()))
        && (reason == null || reason == (mark == null ? letter.reason() : mark.reason()))
        && (stage == null || stage == letter.stage())
        && (since == null || !day.isBefore(since))
        && (until == null || !day.isAfter(until));
  }

  /** What is asked for, in short. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    add(parts, "table", table);
    add(parts, "reason", reason);
    add(parts, "stage", stage);
    add(parts, "since", since);
    add(parts, "until", until);
    return parts.isEmpty() ? "all" : String.join(" ", parts);
  }

  private static void add(List<String> parts, String name, @Nullable Object value) {
    if (value != null) {
      parts.add(name + "=" + value);
    }
  }
}
