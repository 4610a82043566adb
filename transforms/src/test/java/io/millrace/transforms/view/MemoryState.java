package io.millrace.transforms.view;

import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.runners.core.InMemoryStateInternals;
import org.apache.beam.runners.core.StateNamespaces;
import org.apache.beam.runners.core.StateTags;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.MapState;

/** Map state as views have it, kept as the Direct runner keeps it. */
final class MemoryState {
  private final MapState<String, byte[]> map =
      InMemoryStateInternals.forKey("bucket")
          .state(
              StateNamespaces.global(),
              StateTags.map("map", StringUtf8Coder.of(), ByteArrayCoder.of()));

  MapState<String, byte[]> map() {
    return map;
  }

  /** What is in it now. */
  Map<String, byte[]> entries() {
    Map<String, byte[]> entries = new TreeMap<>();
    map.entries().read().forEach(entry -> entries.put(entry.getKey(), entry.getValue().clone()));
    return entries;
  }
}
