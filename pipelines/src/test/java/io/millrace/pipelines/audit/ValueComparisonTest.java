package io.millrace.pipelines.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.contract.ColumnContract;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two values look like that are not the same. */
class ValueComparisonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "NULL",
      value = {
        "numeric(10,2) | 10.5 | 10.35 | value",
        "numeric(10,2) | 10.495 | 10.5 | rounding",
        "numeric(10,2) | 10.494 | 10.49 | rounding",
        "numeric(10,2) | 10.499 | 10.49 | rounding",
        "numeric(10,2) | 10.491 | 10.494 | rounding",
        "numeric | 10.491 | 10.494 | value",
        "numeric | 100 | 101 | value",
        "numeric | 100 | 100.4 | rounding",
        "numeric | NaN | 100.4 | value",
        "real | 0.1 | 0.10000001 | value",
        "double precision | 0.3 | 0.30000000000000004 | rounding",
        "double precision | 0.1 | 0.10000000149011612 | rounding",
        "double precision | 0.1 | 0.11 | value",
        "double precision | Infinity | 0.11 | value",
        "timestamp | 2026-05-01 12:00:00 | 2026-05-01 14:00:00 | time zone +02:00",
        "timestamp | 2026-05-01 00:30:00 | 2026-04-30 19:00:00 | time zone -05:30",
        "timestamp | 2026-05-01 12:00:00 | 2026-05-02 12:00:00 | value",
        "timestamp | 2026-05-01 12:00:00 | 2026-05-01 12:10:00 | value",
        "timestamp | 2026-05-01 12:00:00.123456 | 2026-05-01 12:00:00.123 | rounding",
        "timestamp | 2026-05-01 12:00:00.6 | 2026-05-01 12:00:01 | rounding",
        "timestamp | 2026-05-01 12:00:00.123456 | 2026-05-01 12:00:00.124456 | value",
        "timestamp | 0044-03-15 00:00:00 BC | 0044-03-15 01:00:00 BC | time zone +01:00",
        "timestamptz | 2026-05-01 12:00:00+00 | 2026-05-01 13:00:00+00 | time zone +01:00",
        "timestamptz | 2026-05-01 12:00:00+00 | infinity | value",
        "text | Abc | aBC | text (case)",
        "text | 'a b' | ' a  b' | value",
        "text | 'a b' | 'a b ' | text (blanks)",
        "text | 'a b' | 'a  b' | text (blanks)",
        "text | abc | abcdef | text (cut off)",
        "text | '' | abc | value",
        "text | \u00e9 | e\u0301 | text (form of characters)",
        "text | abc | abd | value",
        "text | NULL | abc | null",
        "jsonb | {\"a\": 1} | {\"a\": 1.0} | equal",
        "jsonb | {\"a\": 1} | {\"a\": 2} | value",
        "jsonb | {\"a\": 1} | {\"b\": 1} | value",
        "integer | 1 | 2 | value",
        "integer | 1 | 1 | equal",
      })
  void isNamed(String type, String first, String second, String expected) {
    ColumnContract contract =
        AuditScene.contract(
                "- name: t\n  properties:\n    - {name: k, physicalType: bigint, primaryKey: true}\n"
                    + "    - {name: c, physicalType: \"%s\"}\n".formatted(type))
            .tables()
            .get(0)
            .columns()
            .get(1);
    ComparedColumn column =
        new ComparedColumn(contract, contract.type().kind(), false, ZoneOffset.UTC);
    String named =
        ValueComparison.of(column, first, second).map(ValueDifference::toString).orElse("equal");
    assertThat(named, is(expected));
    String reversed =
        ValueComparison.of(column, second, first).map(ValueDifference::toString).orElse("equal");
    assertThat(
        "in the other direction",
        reversed.replaceAll("[-+]\\d", ""),
        is(expected.replaceAll("[-+]\\d", "")));
  }
}
