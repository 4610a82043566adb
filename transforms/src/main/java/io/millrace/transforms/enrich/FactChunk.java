package io.millrace.transforms.enrich;

/**
 * Where facts of one kind are in state, as a packet of bytes; of all kinds but {@link
 * FactKind#AHEAD} values begin with the revision (a varint).
 *
 * @param id of the packet
 * @param first the earliest time of them
 * @param last the latest
 * @param due no later than the first of them is
 * @param size of the packet in bytes
 */
record FactChunk(long id, FactKind kind, long first, long last, long due, int size) {

  /** Whether there is something to do with facts in it when the watermark is there. */
  boolean isDue(long watermark) {
    return kind != FactKind.SAID && due < watermark;
  }

  FactChunk withDue(long newDue) {
    return new FactChunk(id, kind, first, last, newDue, size);
  }
}
