package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.contract.ColumnType;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is bound in binary form comes to what the text of the same value comes to. */
class BoundTypeTest {
  private static TestWarehouse database;

  @BeforeAll
  static void start() {
    database = TestWarehouse.create();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  static Stream<Arguments> values() {
    return Stream.of(
        values("boolean", true, false),
        values("smallint", Short.MIN_VALUE, (short) -1, (short) 300, Short.MAX_VALUE),
        values("integer", Integer.MIN_VALUE, -1, 0, 70_000, Integer.MAX_VALUE),
        values("bigint", Long.MIN_VALUE, -1L, 0L, 5_000_000_000L, Long.MAX_VALUE),
        values(
            "real", 0f, -0f, 1.1f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, -1f / 0f, 1f / 0f),
        values("double precision", 0d, -0d, 1.1, Double.MIN_VALUE, Double.MAX_VALUE, 0d / 0d),
        values("double precision", -1d / 0d, 1d / 0d),
        decimals("0", "0.00", "1", "-1", "1.50", "0.00001", "9999", "10000", "9999.9999", "1E+5"),
        decimals("-12345678901234567890.123456789", "1E-16383", "1E+131071", "100000000", "-0.10"),
        values("numeric", Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
        values("text", "", "plain", "naïve 漢字 😀", "{\"quoted\", \\}"),
        values("uuid", "0d9bd72c-4a3b-4a3c-8b1b-6e6a1fd0a001"),
        values("jsonb", "{\"a\": [1, null, \"é\"]}"),
        values("bytea", new byte[0], new byte[] {0, 1, -1, 92}),
        values("date", LocalDate.of(1999, 12, 31), LocalDate.of(2000, 1, 1), LocalDate.EPOCH),
        values("date", LocalDate.of(-4712, 1, 1), LocalDate.of(0, 1, 1), LocalDate.MIN),
        values("date", LocalDate.of(5_874_897, 12, 31), LocalDate.MAX),
        values("timestamp", time("1999-12-31T23:59:59.999999"), time("0000-01-01T00:00:00")),
        values("timestamp", time("-4712-01-01T00:00:00"), time("+294276-12-31T23:59:59.999999")),
        values("timestamp", time("2026-01-01T00:00:00.123456789"), time("1960-02-29T12:00:00.5")),
        values("timestamp", time("2026-01-01T00:00:00.9999999"), LocalDateTime.MIN),
        values("timestamp", LocalDateTime.MAX, time("2026-01-01T00:00:00")),
        values("timestamptz", Instant.EPOCH, Instant.parse("2026-11-21T01:02:03.000001Z")),
        values("timestamptz", Instant.parse("-4712-01-01T00:00:00Z"), Instant.MIN, Instant.MAX),
        values("time", LocalTime.of(1, 2, 3, 4_000), LocalTime.MAX),
        values("integer[]", List.of(1, 2), List.of(), List.of(List.of(1), List.of(2))));
  }

  private static Arguments values(String type, Object... values) {
    List<Object> all = new ArrayList<>(Arrays.asList(values));
    all.add(1, null);
    return Arguments.of(type, all);
  }

  private static Arguments decimals(String... digits) {
    return values("numeric", Arrays.stream(digits).map(BigDecimal::new).toArray());
  }

  private static LocalDateTime time(String text) {
    return LocalDateTime.parse(text);
  }

  @ParameterizedTest
  @MethodSource("values")
  void isTheSameValueAsText(String physicalType, List<Object> values) throws SQLException {
    ColumnType column = ColumnType.parse(physicalType);
    BoundType type = BoundType.of(column);
    BinaryArray array = new BinaryArray(type, values.size(), 0);
    values.forEach(value -> type.addValue(value, array));
    String cast = PostgresTypes.cast(column);
    String[] texts = values.stream().map(PostgresDialect.INSTANCE::text).toArray(String[]::new);
    List<String> bound = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    try (Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT b::%s::text, t::%s::text FROM unnest(?::%s[], ?::text[]) AS u(b, t)"
                    .formatted(cast, cast, type.sql()))) {
      statement.setArray(1, array.toArray(connection, type));
      statement.setArray(2, connection.createArrayOf("text", texts));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          bound.add(rows.getString(1));
          expected.add(rows.getString(2));
        }
      }
    }
    assertThat(bound.size(), is(values.size()));
    assertThat(bound, contains(expected.toArray()));
  }

  @Test
  void arrayGrowsWithItsElements() throws SQLException {
    BinaryArray array = new BinaryArray(BoundType.TEXT, 3, 1);
    array.addText("x".repeat(100_000));
    array.addNull();
    array.addText("");
    try (Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT array_agg(length(e) ORDER BY n)::text"
                    + " FROM unnest(?::text[]) WITH ORDINALITY AS u(e, n)")) {
      statement.setArray(1, array.toArray(connection, BoundType.TEXT));
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        assertThat(rows.getString(1), is("{100000,NULL,0}"));
      }
    }
  }
}
