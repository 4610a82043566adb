package io.millrace.transforms.laws;

/**
 * What happens in one slot of a case's log.
 *
 * @param table which table, by a number that may be too large
 * @param row which row of the case
 * @param columns which columns an upsert supplies, a bit for each
 * @param style decides what is left: values, spellings, where the key stands, how a record is
 *     broken
 */
record Step(Kind kind, int table, int row, int columns, int style) {
  enum Kind {
    UPSERT,
    DELETE,
    /** The row's key becomes that of the next row. */
    KEY_CHANGE,
    /** A record that is no change of a table of the contract. */
    CONTROL,
    /** A record that is rejected. */
    BROKEN
  }
}
