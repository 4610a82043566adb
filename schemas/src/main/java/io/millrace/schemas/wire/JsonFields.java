package io.millrace.schemas.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The fields that a kind of object has, tried in the order in which the last object had them: the
 * next name is then one comparison of bytes.
 */
public final class JsonFields {
  /** The code of a field that nobody named. */
  public static final int OTHER = 0;

  /** Says that a name is unusual, or none; see {@link JsonScanner}. */
  public static final int UNUSUAL = -1;

  private static final int MOST = 64;
  private static final byte[] NONE = {};

  private final Map<String, Integer> codes = new HashMap<>();
  private final byte[][] tokens = new byte[MOST][];
  private final int[] tokenCodes = new int[MOST];
  private int position;

  /** Fields of these names, whose codes are 1, 2 and so on. */
  public JsonFields(String... names) {
    for (String name : names) {
      codes.put(name, codes.size() + 1);
    }
    Arrays.fill(tokens, NONE);
  }

  /** Starts with an object's first field. */
  public void begin() {
    position = 0;
  }

  /** Moves over the next name and its colon; its code, {@link #OTHER} or {@link #UNUSUAL}. */
  public int next(JsonScanner json) {
    if (position == MOST) {
      position = 0;
    }
    int expected = position++;
    if (json.take(tokens[expected])) {
      return tokenCodes[expected];
    }
    if (!json.name()) {
      return UNUSUAL;
    }
    String name = json.copyText();
    tokens[expected] = token(name);
    tokenCodes[expected] = codes.getOrDefault(name, OTHER);
    return tokenCodes[expected];
  }

  /** A name as it stands in JSON, quotes and colon included. */
  public static byte[] token(String name) {
    return ('"' + name + "\":").getBytes(StandardCharsets.UTF_8);
  }
}
