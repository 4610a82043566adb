package io.millrace.transforms.landing;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A data file that counts: all that the log had of a partition from one offset up to another.
 *
 * @param path below the landing's directory
 * @param from the first offset of its range, which may have no record
 * @param to the offset behind its range
 * @param records how many it has
 * @param bytes its length
 * @param checksum its SHA-256, in hexadecimal digits
 * @param minTimestamp the least timestamp of its records, in milliseconds; null if none has one
 * @param maxTimestamp the greatest
 */
public record LandedFile(
    String path,
    String topic,
    int partition,
    long from,
    long to,
    long records,
    long bytes,
    String checksum,
    @Nullable Long minTimestamp,
    @Nullable Long maxTimestamp)
    implements Serializable {
  private static final long serialVersionUID = 1L;
}
