package io.millrace.transforms.enrich;

import org.checkerframework.checker.nullness.qual.Nullable;

/** What is known of a key during one call; what was decoded is kept for its next fact. */
final class KnownRow<K, D> {
  final String key;
  @Nullable K decodedKey;
  private Versions versions;
  private int decodedAt = Versions.NONE;
  private @Nullable D decoded;

  KnownRow(String key, Versions versions) {
    this.key = key;
    this.versions = versions;
  }

  Versions versions() {
    return versions;
  }

  void setVersions(Versions changed) {
    versions = changed;
    decodedAt = Versions.NONE;
    decoded = null;
  }

  /** The decoded row of the version at an index, null if it was not the last to be decoded. */
  @Nullable D decoded(int at) {
    return decodedAt == at ? decoded : null;
  }

  void setDecoded(int at, D row) {
    decodedAt = at;
    decoded = row;
  }
}
