package io.millrace.testdata.shop;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Made-up values of a type that the shop did not choose, as large as the type allows. */
final class TypedValues {
  private static final Pattern TYPE = Pattern.compile("([a-z ]+?)(?:\\((\\d+)(?:,(\\d+))?\\))?");
  private static final int LONGEST = 2_000;
  private static final int MOST_DIGITS = 18;

  /**
   * A value, or none if the type is not known here.
   *
   * @param type as PostgreSQL's {@code format_type} spells it
   */
  static Optional<Object> of(String type, Values values) {
    Matcher matcher = TYPE.matcher(type);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int size = matcher.group(2) == null ? 30 : Integer.parseInt(matcher.group(2));
    int scale = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    return Optional.ofNullable(
        switch (matcher.group(1)) {
          case "text", "character varying", "character" -> values.letters(Math.min(size, LONGEST));
          case "smallint" -> values.below(Short.MAX_VALUE);
          case "integer" -> values.below(Integer.MAX_VALUE);
          case "bigint" -> values.random().nextLong();
          case "numeric" -> values.decimal(Math.min(size, MOST_DIGITS), scale);
          case "real", "double precision" -> values.real();
          case "boolean" -> values.chance(0.5);
          case "date" -> values.date();
          case "uuid" -> values.uuid();
          case "json", "jsonb" -> values.json();
          default -> type.startsWith("timestamp") ? values.instant() : null;
        });
  }

  private TypedValues() {}
}
