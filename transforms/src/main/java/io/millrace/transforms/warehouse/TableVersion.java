package io.millrace.transforms.warehouse;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A version of a schema's tables.
 *
 * @param schema that its tables are in
 * @param contract id and version of the contract that was last used with it
 * @param inServiceSince null unless it serves
 * @param retiredAt when it last ceased to serve; null if it serves, or never did
 * @param tables their names
 * @param rows about how many there are, by the database's estimate
 * @param bytes that its tables and indexes take
 * @param progress the times of the commits through which it is complete, by source
 */
public record TableVersion(
    int version,
    String schema,
    @Nullable String contract,
    Instant createdAt,
    @Nullable Instant inServiceSince,
    @Nullable Instant retiredAt,
    List<String> tables,
    long rows,
    long bytes,
    Map<String, Instant> progress) {

  /** Whether the views show it. */
  public boolean isInService() {
    return inServiceSince != null;
  }
}
