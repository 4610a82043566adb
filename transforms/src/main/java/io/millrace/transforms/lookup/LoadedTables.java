package io.millrace.transforms.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.Supplier;

/**
 * The versions of tables that this JVM holds, each decoded once, however many threads look into it;
 * forgotten when none does any more.
 */
final class LoadedTables {
  private static final Cache<Version, Snapshot<?, ?>> SNAPSHOTS =
      Caffeine.newBuilder().weakValues().build();

  /**
   * A version of a table.
   *
   * @param lookup the id of the transform
   */
  private record Version(String lookup, long number) {}

  /** A lookup's table of a version, which {@code decode} makes if it is not here. */
  @SuppressWarnings("unchecked") // A lookup's id is its own, and so are its types.
  static <K, R> Snapshot<K, R> get(String lookup, long version, Supplier<Snapshot<K, R>> decode) {
    return (Snapshot<K, R>) SNAPSHOTS.get(new Version(lookup, version), any -> decode.get());
  }

  private LoadedTables() {}
}
