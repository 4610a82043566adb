package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a column of a {@linkplain DerivedContract derived table} comes about: a function and its
 * arguments, such as {@code sum(amount)}, {@code quantile(amount, 0.95)} or {@code count}.
 */
@AutoValue
public abstract class Derivation implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern TEXT =
      Pattern.compile("\\s*([a-z][a-z_]*)\\s*(?:\\(([^()]*)\\))?\\s*");

  /** The custom property of a column that holds it. */
  public static final String PROPERTY = "value";

  /** The function that takes a column of the event as it is: what a key column is made of. */
  public static final String COLUMN = "column";

  /** The function's name. */
  public abstract String function();

  public abstract List<String> arguments();

  /** Reads {@code function} or {@code function(argument, argument)}; empty if it is neither. */
  static Optional<Derivation> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    List<String> arguments =
        matcher.group(2) == null || matcher.group(2).isBlank()
            ? List.of()
            : Arrays.stream(matcher.group(2).split(",", -1)).map(String::trim).toList();
    return Optional.of(new AutoValue_Derivation(matcher.group(1), arguments));
  }

  /** What a column says of itself; one that says nothing is the event's column of its name. */
  public static Derivation of(ColumnContract column) {
    String text = column.customProperties().get(PROPERTY);
    return text == null
        ? new AutoValue_Derivation(COLUMN, List.of(column.physicalName()))
        : parse(text).orElseThrow();
  }

  /** As it is written. */
  @Override
  public final String toString() {
    return arguments().isEmpty()
        ? function()
        : function() + "(" + String.join(", ", arguments()) + ")";
  }
}
