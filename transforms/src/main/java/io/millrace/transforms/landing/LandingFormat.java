package io.millrace.transforms.landing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * What is decided once for a landing's life.
 *
 * @param version of all that is in the directory
 * @param blockOffsets a file ends at a multiple of this many offsets, if not before
 */
record LandingFormat(int version, long blockOffsets) {
  static final int VERSION = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /**
   * The format of a landing; none if there is no landing yet.
   *
   * @throws LandingException if it cannot be read, or is of a newer version
   */
  static Optional<LandingFormat> read(FileStore store) throws IOException {
    LandingFormat format;
    String path = store.locate(LandingPaths.FORMAT);
    try {
      format = JSON.readValue(store.read(LandingPaths.FORMAT), LandingFormat.class);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new LandingException(path + " is damaged: " + e.getOriginalMessage(), e);
    }
    if (format.version > VERSION) {
      throw new LandingException(
          path + " has version " + format.version + "; use a newer Millrace");
    }
    if (format.version < 1 || format.blockOffsets < 1) {
      throw new LandingException(path + " is damaged: it says " + format);
    }
    return Optional.of(format);
  }

  /** The format of a landing, which is begun with these blocks if there is none yet. */
  static LandingFormat begin(FileStore store, long blockOffsets) throws IOException {
    Optional<LandingFormat> format = read(store);
    while (format.isEmpty()) {
      store.putIfAbsent(
          LandingPaths.FORMAT, JSON.writeValueAsBytes(new LandingFormat(VERSION, blockOffsets)));
      format = read(store);
    }
    return format.get();
  }

  /** The offset behind the block that an offset is in. */
  long blockEnd(long offset) {
    return (offset / blockOffsets + 1) * blockOffsets;
  }

  /** The first offset of the block that an offset is in. */
  long blockStart(long offset) {
    return offset / blockOffsets * blockOffsets;
  }
}
