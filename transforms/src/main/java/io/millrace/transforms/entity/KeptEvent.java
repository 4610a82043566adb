package io.millrace.transforms.entity;

/**
 * An event that is kept as long as one before it may come.
 *
 * @param time in milliseconds since 1970
 * @param sequence its place at its source, 0 if there is none
 * @param id empty if events have none
 * @param bytes the event, encoded
 */
@SuppressWarnings("ArrayRecordComponent")
record KeptEvent(long time, long sequence, String id, byte[] bytes) {}
