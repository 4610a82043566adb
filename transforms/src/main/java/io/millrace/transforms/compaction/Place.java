package io.millrace.transforms.compaction;

/**
 * Where a record is.
 *
 * @param part the number of its part of the log
 * @param index its offset, counted from where the part begins
 */
record Place(int part, int index) {}
