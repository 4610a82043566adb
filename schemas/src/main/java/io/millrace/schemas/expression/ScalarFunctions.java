package io.millrace.schemas.expression;

import com.ezylang.evalex.config.FunctionDictionaryIfc;
import com.ezylang.evalex.config.MapBasedFunctionDictionary;
import com.ezylang.evalex.functions.FunctionIfc;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The functions of expressions, and no others. Texts are counted in characters from 1, as SQL does.
 */
final class ScalarFunctions {
  private static final int MOST_PLACES = 1_000;

  /** {@code column('a name')}: a column whose name is no word. */
  static final ScalarFunction COLUMN =
      ScalarFunction.of(1, values -> values[0]).takingNull().endingWithLiteral(name -> {});

  private static final Map<String, FunctionIfc> FUNCTIONS =
      Map.ofEntries(
          Map.entry("column", COLUMN),
          Map.entry("if", new IfFunction()),
          Map.entry("is_null", ScalarFunction.of(1, values -> values[0] == null).takingNull()),
          Map.entry("coalesce", many(1, ScalarFunctions::coalesce).takingNull()),
          Map.entry("concat", many(1, ScalarFunctions::concat).takingNull()),
          Map.entry("hash", many(1, Digests::hash).takingNull()),
          Map.entry("md5", one(value -> Digests.hex("MD5", Scalars.text(value)))),
          Map.entry("sha256", one(value -> Digests.hex("SHA-256", Scalars.text(value)))),
          Map.entry(
              "cast",
              ScalarFunction.of(2, values -> Casts.cast(values[0], Scalars.text(values[1])))
                  .endingWithLiteral(Casts::check)),
          Map.entry("year", part(LocalDateTime::getYear)),
          Map.entry("month", part(LocalDateTime::getMonthValue)),
          Map.entry("day", part(LocalDateTime::getDayOfMonth)),
          Map.entry("hour", part(LocalDateTime::getHour)),
          Map.entry("minute", part(LocalDateTime::getMinute)),
          Map.entry("second", part(LocalDateTime::getSecond)),
          Map.entry(
              "date_format",
              ScalarFunction.of(
                      2,
                      values ->
                          DateTimes.format(DateTimes.parse(values[0]), Scalars.text(values[1])))
                  .endingWithLiteral(DateTimes::checkPattern)),
          Map.entry("upper", one(value -> Scalars.text(value).toUpperCase(Locale.ROOT))),
          Map.entry("lower", one(value -> Scalars.text(value).toLowerCase(Locale.ROOT))),
          Map.entry("trim", one(value -> Scalars.text(value).strip())),
          Map.entry(
              "length",
              one(
                  value -> {
                    String text = Scalars.text(value);
                    return BigDecimal.valueOf(text.codePointCount(0, text.length()));
                  })),
          Map.entry("substring", ScalarFunction.of(2, 3, ScalarFunctions::substring)),
          Map.entry("truncate", ScalarFunction.of(2, ScalarFunctions::truncate)),
          Map.entry("abs", one(value -> Scalars.number(value).abs())),
          Map.entry("floor", one(value -> Scalars.number(value).setScale(0, RoundingMode.FLOOR))),
          Map.entry("round", ScalarFunction.of(1, 2, ScalarFunctions::round)));

  static final FunctionDictionaryIfc DICTIONARY = new MapBasedFunctionDictionary();

  static {
    FUNCTIONS.forEach(DICTIONARY::addFunction);
  }

  /** What a function of one argument does. */
  private interface One {
    Object apply(Object value);
  }

  private static ScalarFunction one(One body) {
    return ScalarFunction.of(1, values -> body.apply(values[0]));
  }

  private static ScalarFunction many(int least, ScalarFunction.Body body) {
    return ScalarFunction.of(least, ScalarFunction.ANY_NUMBER, body);
  }

  private static ScalarFunction part(ToIntFunction<LocalDateTime> part) {
    return one(value -> BigDecimal.valueOf(part.applyAsInt(DateTimes.parse(value))));
  }

  private static @Nullable Object coalesce(@Nullable Object[] values) {
    for (Object value : values) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Passes over nulls, as PostgreSQL's does. */
  private static Object concat(@Nullable Object[] values) {
    StringBuilder text = new StringBuilder();
    for (Object value : values) {
      text.append(value == null ? "" : Scalars.text(value));
    }
    return text.toString();
  }

  private static Object substring(@Nullable Object[] values) {
    String text = Scalars.text(values[0]);
    int characters = text.codePointCount(0, text.length());
    long first = Scalars.count(values[1]);
    long end = values.length < 3 ? characters + 1L : first + Scalars.count(values[2]);
    if (end < first) {
      throw ExpressionException.of(Scalars.text(values[2]), "is a negative length");
    }
    int from = (int) Math.min(Math.max(first, 1), characters + 1L) - 1;
    int to = (int) Math.min(Math.max(end, 1), characters + 1L) - 1;
    return text.substring(
        text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, Math.max(from, to)));
  }

  /** The first characters of a text; the largest multiple that is not above a number. */
  private static Object truncate(@Nullable Object[] values) {
    if (values[0] instanceof BigDecimal number) {
      BigDecimal width = Scalars.number(values[1]);
      if (width.signum() <= 0) {
        throw ExpressionException.of(Scalars.text(width), "is not a width above 0");
      }
      BigDecimal rest = number.remainder(width);
      return number.subtract(rest.signum() < 0 ? rest.add(width) : rest);
    }
    return substring(new Object[] {values[0], BigDecimal.ONE, values[1]});
  }

  private static Object round(@Nullable Object[] values) {
    int digits = values.length < 2 ? 0 : Scalars.count(values[1]);
    if (Math.abs(digits) > MOST_PLACES) {
      throw ExpressionException.of(
          Scalars.text(values[1]),
          "is not a number of decimal places between -" + MOST_PLACES + " and " + MOST_PLACES);
    }
    return Scalars.number(values[0]).setScale(digits, RoundingMode.HALF_UP);
  }

  private ScalarFunctions() {}
}
