package io.millrace.schemas.expression;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowExpressionTest {
  private static final Map<String, Object> ROW = new HashMap<>();

  static {
    ROW.put("id", 17L);
    ROW.put("name", "  Zoë 😀  ");
    ROW.put("price", new BigDecimal("12.50"));
    ROW.put("weight", 0.1);
    ROW.put("sold_on", LocalDate.of(2023, 3, 9));
    ROW.put("made_at", LocalDateTime.of(2023, 3, 9, 7, 5, 6, 120_000_000));
    ROW.put("sent_at", Instant.parse("2023-12-31T23:59:59.999999Z"));
    ROW.put("text_time", "2023-03-09 17:05:06.5+02:00");
    ROW.put("small", (short) -5);
    ROW.put("is_new", true);
    ROW.put("nothing", null);
    ROW.put("order date", "2020-02-29");
    ROW.put("e", "a column");
  }

  private static String evaluate(String expression) {
    Object value = RowExpression.parse(expression).evaluate(ROW::get);
    return value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "year(sold_on) => 2023",
        "month(sold_on) => 3",
        "day(sold_on) => 9",
        "hour(made_at) => 7",
        "minute(made_at) => 5",
        "second(made_at) => 6",
        "year(sent_at) => 2023",
        "hour(text_time) => 17",
        "year(column('order date')) => 2020",
        "date_format(made_at, 'yyyy-MM') => 2023-03",
        "date_format(sold_on, 'dd MMM') => 09 Mar",
        "concat(sold_on, ' ', made_at, ' ', sent_at) => 2023-03-09 2023-03-09T07:05:06.120000 2023-12-31T23:59:59.999999Z",
        "substring('alphabet', 3) => phabet",
        "substring('alphabet', 3, 2) => ph",
        "substring('alphabet', 0, 3) => al",
        "substring('alphabet', 20, 3) => ``",
        "substring(trim(name), 5, 1) => 😀",
        "length(trim(name)) => 5",
        "upper(trim(name)) => ZOË 😀",
        "lower('ABC') => abc",
        "concat(id, '-', nothing, price) => 17-12.50",
        "truncate('alphabet', 3) => alp",
        "truncate(17, 10) => 10",
        "truncate(small, 10) => -10",
        "truncate(price, 0.4) => 12.40",
        "coalesce(nothing, e) => a column",
        "cast('12.50', 'numeric') + 1 => 13.50",
        "cast(' 12 ', 'integer') => 12",
        "cast(made_at, 'date') => 2023-03-09",
        "cast(sold_on, 'timestamp') => 2023-03-09T00:00:00.000000",
        "cast(price, 'text') => 12.50",
        "cast('yes', 'boolean') => true",
        "round(price, 1) => 12.5",
        "round(2.5) => 3",
        "floor(-0.5) => -1",
        "abs(small) => 5",
        "weight + 0.2 => 0.3",
        "price * 2 - id / 4 => 20.75",
        "1 / 3 => 0.3333333333333333333333333333333333",
        "-id % 5 => -2",
        "if(price > 10 && is_new, 'dear', 'cheap') => dear",
        "if(nothing > 1, 1, 2) => 2",
        "if(id = 17, 'ok', cast('x', 'integer')) => ok",
        "id <> 17 || !is_new => false",
        "sold_on < made_at => true",
        "md5('a') => 0cc175b9c0f1b6a831c399e269772661",
        "sha256('') => e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "year(nothing) => null",
        "nothing + 1 => null",
        "nothing = nothing => null",
        "nothing && false => false",
        "nothing && true => null",
        "nothing || true => true",
        "null => null"
      })
  void everyFunctionAndOperatorHasItsValue(String expression, String value) {
    assertThat(evaluate(expression), equalTo(value));
  }

  @Test
  void eachReadsItsOwnRowWhereManyAreParsedAtOnce() {
    long others =
        IntStream.range(0, 200_000)
            .parallel()
            .filter(i -> !("row " + i).equals(RowExpression.parse("a").evaluate(a -> "row " + i)))
            .count();
    assertThat(others, equalTo(0L));
  }

  @Test
  void hashTellsNullsTypesAndTheEndsOfTextsApart() {
    assertThat(evaluate("hash('a', 'b') = hash('ab', '')"), equalTo("false"));
    assertThat(evaluate("hash(nothing) = hash('')"), equalTo("false"));
    assertThat(evaluate("hash(1) = hash('1')"), equalTo("false"));
    assertThat(evaluate("hash(1.50) = hash(1.5)"), equalTo("true"));
    assertThat(
        "the form never changes",
        evaluate("hash(17, 'x', nothing, true)"),
        equalTo("bdbba0c211e1b0c6dc427254be67aef22de34a5fa7e726be60828b16331bf3bb"));
  }

  @Test
  void columnsAreThoseThatAreNamed() {
    assertThat(
        RowExpression.parse("if(TRUE, a, b) + A * column('c d')").columns(),
        containsInAnyOrder("a", "b", "A", "c d"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "year(name) => is not a date or time",
        "year(id) => '17' is not a date or time",
        "price + name => is not a number; cast makes one",
        "price = 'x' => are of different types",
        "id / 0 => the arithmetic fails",
        "cast('x', 'integer') => 'x' is not a number",
        "cast(price, 'integer') => '12.50' is not a whole number",
        "substring('a', 1, -1) => is a negative length",
        "truncate(id, 0) => is not a width above 0",
        "round(1, 1E9) => is not a number of decimal places between -1000 and 1000",
        "1E200000 + 1 => digits",
        "if('x', 1, 2) => is neither true nor false"
      })
  void whatHasNoValueSaysWhy(String expression, String reason) {
    RowExpression parsed = RowExpression.parse(expression);
    assertThat(
        assertThrows(ExpressionException.class, () -> parsed.evaluate(ROW::get)).getMessage(),
        containsString(reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "year(sold_on => `Closing brace`",
        "year() => `Not enough parameters`",
        "year(a, b) => `Too many parameters`",
        "substring(a, 1, 2, 3) => `substring takes at most 3`",
        "random() => `Undefined function 'random'`",
        "dt_now() => `Undefined function`",
        "9 ^ 9 ^ 9 => `^`",
        "a.getClass() => `.`",
        "a[1] => `[`",
        "date_format(a, 'nonsense') => `is not a pattern`",
        "date_format(a, b) => `must be text in quotes`",
        "cast(a, 'float') => `known are boolean, date, integer`",
        "a b => ``"
      })
  void whatIsNoExpressionIsSaidWhenItIsParsed(String expression, String reason) {
    assertThat(
        assertThrows(ExpressionException.class, () -> RowExpression.parse(expression)).getMessage(),
        containsString(reason));
  }
}
