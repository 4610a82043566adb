package io.millrace.schemas.format;

import io.millrace.schemas.Origin;
import io.millrace.schemas.PositionEncoder;

/**
 * Positions of records whose source gives them none: where they stand in their topic or file.
 *
 * <p>Parts: {@link #FILE}, the file's name, the line's offset in it; or {@link #TOPIC}, the offset,
 * the partition. So what files hold comes before what topics do; of two files the one whose name is
 * less comes first, numbers in it compared as numbers ({@code part-9} before {@code part-10}). The
 * place is an order only if all changes of a row stand in one partition, in the order in which they
 * happened. {@link #LOG} is what formats put before a position of the source's own, which is after
 * every place.
 */
final class Places {
  /** The rank of a line of a file. */
  static final int FILE = 1;

  /** The rank of a topic's record. */
  static final int TOPIC = 2;

  /** The rank of a position in the source's own log. */
  static final int LOG = 3;

  private static final int END_OF_NAME = 0;

  /** A number of so many digits is a long. */
  private static final int MOST_DIGITS = 18;

  /** Appends the place of a record to a position. */
  static PositionEncoder append(PositionEncoder position, Origin origin) {
    if (!origin.isFile()) {
      return position.rank(TOPIC).number(origin.offset()).number(origin.partition());
    }
    appendName(position.rank(FILE), origin.source());
    return position.number(origin.offset());
  }

  /**
   * Digits become a number, and how many there were so that {@code 1} and {@code 01} differ. The
   * first byte of a number is no first byte of a character.
   */
  private static void appendName(PositionEncoder position, String name) {
    int at = 0;
    while (at < name.length()) {
      int end = at;
      boolean digits = isDigit(name.charAt(at));
      while (end < name.length()
          && isDigit(name.charAt(end)) == digits
          && !(digits && end - at == MOST_DIGITS)) {
        end++;
      }
      if (digits) {
        position.number(Long.parseLong(name, at, end, 10)).rank(end - at);
      } else {
        position.text(name.substring(at, end));
      }
      at = end;
    }
    position.rank(END_OF_NAME);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private Places() {}
}
