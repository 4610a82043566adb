package io.millrace.transforms.warehouse;

/**
 * The SQL that writes one table. Arrays of one batch are bound in this order: the key's columns,
 * then what each statement names, all of the same length.
 *
 * @param upsert patches that supply all values, over rows that are older: values, positions, commit
 *     and receive times, deleted flags; with a history whose newest changes are kept with their
 *     rows, also when these begin to be valid, and what {@link HistoryColumns#TIP} holds. Selects
 *     how many rows were written, and how many of them are new
 * @param merge any patches, column by column: values, positions, commit and receive times, deleted
 *     flags, and the filled JSON
 * @param delete patches that supply nothing, over rows that are older: positions, commit and
 *     receive times
 * @param gaps the numbers (from 1) of the keys whose rows have gaps
 * @param touch takes the locks of keys, with a hidden row where there is none: positions
 * @param remove deletes rows at or below a position of their own, and answers their numbers and
 *     deleted flags: positions
 * @param empty empties what gaps were supplied before a position of their own: positions
 * @param truncateSoft marks all rows at or below one position (bound once) as deleted
 * @param truncateHard deletes all rows at or below one position (bound once)
 * @param emptyAll empties what gaps were supplied before one position (bound once)
 */
record TableStatements(
    String upsert,
    String merge,
    String delete,
    String gaps,
    String touch,
    String remove,
    String empty,
    String truncateSoft,
    String truncateHard,
    String emptyAll) {}
