package io.millrace.transforms.lake;

import java.io.Serializable;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A data file that a commit names.
 *
 * @param path below the lake's directory
 * @param table the contract's name of the table
 * @param key the names of the table's key columns
 * @param date the day, in UTC, on which the source committed its changes; null if not known
 * @param shard which part of the table's keys it holds
 * @param rows how many changes
 * @param bytes its length
 */
public record LakeFile(
    String path,
    String table,
    List<String> key,
    @Nullable String date,
    int shard,
    long rows,
    long bytes)
    implements Serializable {
  private static final long serialVersionUID = 1L;
}
