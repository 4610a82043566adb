package io.millrace.transforms.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.Supplier;

/**
 * The newest versions of tables that this JVM holds, each decoded once, however many threads look
 * into it; forgotten when none does any more.
 */
final class LoadedTables {
  private static final Cache<String, Snapshot<?, ?>> SNAPSHOTS =
      Caffeine.newBuilder().weakValues().build();

  /**
   * A lookup's table of a version, which {@code decode} makes, or of a newer one if that is here: a
   * thread that has not heard of it yet does not need the older one any more.
   *
   * @param lookup the id of the transform
   */
  @SuppressWarnings("unchecked") // A lookup's id is its own, and so are its types.
  static <K, R> Snapshot<K, R> get(String lookup, long version, Supplier<Snapshot<K, R>> decode) {
    return (Snapshot<K, R>)
        SNAPSHOTS
            .asMap()
            .compute(
                lookup,
                (id, held) -> held != null && held.version() >= version ? held : decode.get());
  }

  private LoadedTables() {}
}
