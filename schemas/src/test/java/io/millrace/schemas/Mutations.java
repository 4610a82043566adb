package io.millrace.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Breaks JSON in small ways, for tests; often it stays JSON, with another meaning. */
public final class Mutations {
  private static final byte[] TELLING =
      "{}[]:,\"\\/ \t\n0123456789-+.eEtfnu\u0000\u007f\u0001é€😀ZT"
          .getBytes(StandardCharsets.UTF_8);

  /** Up to three bytes inserted, left out, changed or moved; none now and then. */
  public static byte[] mutate(String json, Random random) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    for (int left = random.nextInt(4); left > 0; left--) {
      bytes = mutate(bytes, random);
    }
    return bytes;
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    if (bytes.length < 2) {
      return bytes;
    }
    int at = 1 + random.nextInt(bytes.length - 1);
    byte[] mutated =
        switch (random.nextInt(4)) {
          case 0 -> replace(bytes, at, at + 1);
          case 1 -> replace(bytes, at, at, telling(random));
          case 2 -> replace(bytes, at, at + 1, telling(random));
          default -> replace(bytes, at, at + 1, bytes[random.nextInt(bytes.length)]);
        };
    return mutated;
  }

  /** The same JSON with a blank behind its first brace. */
  public static byte[] withBlank(byte[] json) {
    return json.length > 0 && json[0] == '{' ? replace(json, 1, 1, (byte) ' ') : json;
  }

  private static byte telling(Random random) {
    return TELLING[random.nextInt(TELLING.length)];
  }

  private static byte[] replace(byte[] bytes, int from, int to, byte... by) {
    byte[] replaced = Arrays.copyOf(bytes, bytes.length - (to - from) + by.length);
    System.arraycopy(by, 0, replaced, from, by.length);
    System.arraycopy(bytes, to, replaced, from + by.length, bytes.length - to);
    return replaced;
  }

  private Mutations() {}
}
