package io.millrace.transforms.laws;

import io.millrace.schemas.format.ChangeFormat;

/** The formats of records, and the ways in which they tell the source's order. */
enum Flavor {
  NUMBERS,
  TEXTS,
  POSTGRES,
  POSTGRES_WITHOUT_TRANSACTIONS,
  MYSQL;

  boolean isDebezium() {
    return this != NUMBERS && this != TEXTS;
  }

  ChangeFormat format() {
    return isDebezium() ? ChangeFormat.DEBEZIUM : ChangeFormat.CHANGES;
  }
}
