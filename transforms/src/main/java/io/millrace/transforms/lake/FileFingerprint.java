package io.millrace.transforms.lake;

import io.millrace.transforms.store.PathNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * What tells an input file from another that was given its name: its length, and the hash of its
 * first and last 4 KB as stored. A file that only grew still has it.
 *
 * @param bytes the file's length when the fingerprint was taken
 * @param sha256 of the first and of the last 4 KB of these bytes
 */
record FileFingerprint(long bytes, String sha256) {
  private static final int PROBE_BYTES = 4096;

  static FileFingerprint of(String file) throws IOException {
    ResourceId resource = FileSystems.matchNewResource(file, false);
    long size = FileSystems.matchSingleFileSpec(file).sizeBytes();
    return of(resource, size);
  }

  private static FileFingerprint of(ResourceId file, long size) throws IOException {
    MessageDigest digest = PathNames.sha256();
    try (ReadableByteChannel channel = FileSystems.open(file)) {
      digest(channel, Math.min(size, PROBE_BYTES), digest);
      if (channel instanceof SeekableByteChannel seekable && size > PROBE_BYTES) {
        seekable.position(size - PROBE_BYTES);
        digest(channel, PROBE_BYTES, digest);
      }
    }
    return new FileFingerprint(size, HexFormat.of().formatHex(digest.digest()));
  }

  private static void digest(ReadableByteChannel channel, long count, MessageDigest digest)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) count);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
    digest.update(buffer.flip());
  }

  /**
   * Makes sure that a file begins with what this is the fingerprint of.
   *
   * @param now the file's fingerprint as it is now
   * @throws LakeException if it does not
   */
  void check(String file, FileFingerprint now) throws IOException {
    if (equals(now)) {
      return;
    }
    if (now.bytes < bytes || !equals(of(FileSystems.matchNewResource(file, false), bytes))) {
      throw new LakeException(
          file
              + " is not the file whose changes the lake holds under this name: it was replaced or"
              + " cut ("
              + bytes
              + " bytes then, "
              + now.bytes
              + " now). Give the file another name, or choose another directory for the lake");
    }
  }
}
