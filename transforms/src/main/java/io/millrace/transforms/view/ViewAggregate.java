package io.millrace.transforms.view;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is made of the values of a group; nulls do not count, but for {@link #ROWS}. */
enum ViewAggregate {
  /** {@code count(*)}. */
  ROWS(false),
  COUNT(false),
  SUM(false),
  AVG(false),
  MIN(true),
  MAX(true),
  /** {@code count(distinct ...)}. */
  DISTINCT(true);

  private final boolean keepsValues;

  ViewAggregate(boolean keepsValues) {
    this.keepsValues = keepsValues;
  }

  /** Whether each value has to be kept, since one may go that others took the place of. */
  boolean keepsValues() {
    return keepsValues;
  }

  /** The function of this name in SQL. */
  static Optional<ViewAggregate> of(String name) {
    return Arrays.stream(values())
        .filter(each -> each != ROWS && each != DISTINCT)
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }
}
