package io.millrace.transforms.warehouse;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The SQL that keeps the table of all changes of one table. Arrays are bound in the order that each
 * statement names, those of the key's columns first.
 *
 * @param lock keeps other writers away until the transaction ends; null if rows' locks do
 * @param known the numbers (from 1) of the changes that are there: keys, positions
 * @param move moves the newest changes of rows from these to the others where a change of theirs
 *     simply follows, which the row is then to hold, and ends their versions. Selects of those rows
 *     where none does the number (from 1), whether there is no row, and whether there may be
 *     changes of it: as {@code follow}
 * @param moveAll moves the newest changes of rows: keys
 * @param moveBefore moves the newest changes of all rows that have a change before a position
 *     (bound twice); no arrays
 * @param follow ends the versions that rows end with where changes of theirs simply follow, and
 *     selects the newest change of each other row that has one, with the row's number (from 1):
 *     keys, of the first of the row's changes the position, commit time and what is known of its
 *     digest, which is null for a delete, and numbers
 * @param insert changes: keys, values, positions, commit and receive times, operations, unchanged
 *     columns, digests, and what {@link StoredChange.State} holds
 * @param copy as {@code insert}, of whole rows, in the form of {@link CopyRows} and without the
 *     unchanged columns; null if the table has columns that it cannot take
 * @param fill gives columns that changes left unchanged the values that they had, from a position
 *     of each row on: keys, positions
 * @param read all changes of rows from the newest upsert before a position on, by row and in the
 *     order of their positions: keys, positions
 * @param settle states of changes: places, and what {@link StoredChange.State} holds
 * @param end adds a delete to every row that has a change before it: its position, its commit time
 *     in microseconds, and its position again; no arrays
 * @param endSnapshot as {@code end}, for the end of a snapshot, which {@link Timeline} passes over
 *     in rows that the snapshot has read
 * @param ended the places of the changes at a position (bound once)
 * @param fillAll as {@code fill}, for all changes; no arrays
 * @param firsts the places of the first changes of all rows
 * @param fillFrom as {@code fill}, for the rows of changes and from these on: places
 * @param readFrom as {@code read}, for the rows of changes and from these on: places
 */
record HistoryStatements(
    @Nullable String lock,
    String known,
    String move,
    String moveAll,
    String moveBefore,
    String follow,
    String insert,
    @Nullable String copy,
    String fill,
    String read,
    String settle,
    String end,
    String endSnapshot,
    String ended,
    String fillAll,
    String firsts,
    String fillFrom,
    String readFrom) {}
