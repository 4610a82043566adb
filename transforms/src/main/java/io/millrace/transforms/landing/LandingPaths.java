package io.millrace.transforms.landing;

import io.millrace.transforms.store.PathNames;
import java.util.Locale;
import java.util.UUID;

/** Names in a landing's directory. */
final class LandingPaths {
  static final String DATA = "data";
  static final String MANIFEST = "_manifest";
  static final String FORMAT = MANIFEST + "/landing.json";

  /** Is there once a log was compacted to its end. */
  static final String COMPLETE = MANIFEST + "/complete.json";

  /** Where the commits of a partition are. */
  static String commits(String topic, int partition) {
    return MANIFEST + "/" + PathNames.escape(topic) + "/" + partition;
  }

  /** A new file for a range of offsets; its last digits tell one attempt from another. */
  static String file(String topic, int partition, long from, long to) {
    return String.format(
        Locale.ROOT,
        "%s/%s/%d/%020d-%020d-%s.parquet",
        DATA,
        PathNames.escape(topic),
        partition,
        from,
        to,
        UUID.randomUUID().toString().substring(0, 8));
  }

  private LandingPaths() {}
}
