package io.millrace.transforms.landing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is decided once for a landing's life.
 *
 * @param version of all that is in the directory
 * @param blockOffsets a file ends at a multiple of this many offsets, if not before
 * @param compaction which records it has, if not all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LandingFormat(int version, long blockOffsets, @Nullable Compaction compaction) {
  static final int VERSION = 2;

  /** That of a landing which has all records. */
  private static final int VERSION_OF_ALL = 1;

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

  /**
   * The format of a landing, which is begun with these blocks if there is none yet.
   *
   * @throws LandingException if it is compacted, and so takes no new records
   */
  static LandingFormat begin(FileStore store, long blockOffsets) throws IOException {
    LandingFormat format = begin(store, new LandingFormat(VERSION_OF_ALL, blockOffsets, null));
    if (format.compaction != null) {
      throw new LandingException(
          store.locate("") + " has a compacted log, which takes no new records; name another");
    }
    return format;
  }

  /**
   * The format of a compacted landing, which is begun if there is none yet.
   *
   * @throws LandingException if there is one that is not compacted, or for other tables
   */
  static LandingFormat beginCompacted(FileStore store, Compaction compaction) throws IOException {
    LandingFormat format =
        begin(store, new LandingFormat(VERSION, WriteLanding.DEFAULT_BLOCK_OFFSETS, compaction));
    if (format.compaction == null) {
      throw new LandingException(
          store.locate("") + " has all records of a log; name another for the compacted one");
    }
    if (!format.compaction.equals(compaction)) {
      throw new LandingException(
          store.locate("")
              + " has a log that was compacted for other tables, keys, columns or routes ("
              + format.compaction
              + " instead of "
              + compaction
              + "); name another");
    }
    return format;
  }

  private static LandingFormat begin(FileStore store, LandingFormat wanted) throws IOException {
    Optional<LandingFormat> format = read(store);
    while (format.isEmpty()) {
      store.putIfAbsent(LandingPaths.FORMAT, JSON.writeValueAsBytes(wanted));
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
