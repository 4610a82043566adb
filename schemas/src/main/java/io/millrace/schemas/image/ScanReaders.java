package io.millrace.schemas.image;

import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.contract.ColumnType.Kind;
import io.millrace.schemas.wire.JsonScanner;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Readers of the values that most columns hold most of the time, straight from their bytes. What
 * they take, the {@link ValueReaders} would take alike; anything else they leave to them.
 */
final class ScanReaders {

  /** Reads a column's value if it is of a common form. */
  interface ScanReader {
    /**
     * Reads a value that is text, which the scanner has just moved over.
     *
     * @param keep whether the value is wanted; if not, it is only checked
     * @return the value, {@link ValueReader#CHECKED}, or null where it must be read otherwise
     */
    default @Nullable Object readText(JsonScanner json, boolean keep) {
      return null;
    }

    /** Reads a value that is neither text nor null, which the scanner is at. */
    default @Nullable Object readOther(JsonScanner json, boolean keep) {
      return null;
    }
  }

  private static final ScanReader NONE = new ScanReader() {};

  /** See {@link ValueReaders#of}. */
  static ScanReader of(ColumnType type, String encoding, Map<String, String> modes) {
    String time = modes.getOrDefault(Modes.TIME, "adaptive");
    return switch (type.kind()) {
      case BOOLEAN -> new Booleans();
      case SMALLINT, INTEGER, BIGINT -> new Wholes(type.kind());
      case DECIMAL ->
          ValueReaders.decimalEncoding(encoding, modes).isEmpty() ? new Decimals(type) : NONE;
      case REAL, DOUBLE -> new Decimals(null);
      case TEXT -> new Texts(type);
      case UUID -> new Uuids();
      case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ ->
          new Times(type.kind(), TimeReaders.perSecond(type, encoding, time));
      case TIME_TZ, JSON, BYTES, OPAQUE, ARRAY -> NONE;
    };
  }

  private static final class Booleans implements ScanReader {
    @Override
    public @Nullable Object readOther(JsonScanner json, boolean keep) {
      return json.takeTrue() ? Boolean.TRUE : json.takeFalse() ? Boolean.FALSE : null;
    }
  }

  private static final class Wholes implements ScanReader {
    private final Kind kind;

    Wholes(Kind kind) {
      this.kind = kind;
    }

    @Override
    public @Nullable Object readOther(JsonScanner json, boolean keep) {
      if (!json.whole()) {
        return null;
      }
      long value = json.number();
      return switch (kind) {
        case SMALLINT ->
            value != (short) value ? null : keep ? (Object) (short) value : ValueReader.CHECKED;
        case INTEGER ->
            value != (int) value ? null : keep ? (Object) (int) value : ValueReader.CHECKED;
        default -> keep ? (Object) value : ValueReader.CHECKED;
      };
    }
  }

  /** Checks decimals, and floats where there is no type to fit. */
  private static final class Decimals implements ScanReader {
    /** No float of so many digits is out of range. */
    private static final int MOST_DIGITS = 30;

    private final boolean isFloat;
    private final int mostWhole;
    private final int mostFraction;

    Decimals(@Nullable ColumnType type) {
      isFloat = type == null;
      if (type == null || type.precision() == ColumnType.UNSTATED) {
        mostWhole = MOST_DIGITS;
        mostFraction = MOST_DIGITS;
      } else {
        mostWhole = type.precision() - type.scale();
        // Where more digits come after the point than there are at all, some must be zero.
        mostFraction = mostWhole < 0 ? -1 : type.scale();
      }
    }

    @Override
    public @Nullable Object readText(JsonScanner json, boolean keep) {
      return keep || isFloat ? null : check(json, json.textStart(), json.textLength());
    }

    @Override
    public @Nullable Object readOther(JsonScanner json, boolean keep) {
      int start = json.position();
      return keep || !json.skip() ? null : check(json, start, json.position() - start);
    }

    private @Nullable Object check(JsonScanner json, int start, int length) {
      byte[] text = json.buffer();
      int end = start + length;
      int i = start < end && text[start] == '-' ? start + 1 : start;
      int whole = i;
      while (i < end && isDigit(text[i])) {
        i++;
      }
      int fraction = i;
      if (i < end && text[i] == '.') {
        fraction = ++i;
        while (i < end && isDigit(text[i])) {
          i++;
        }
      }
      boolean dot = fraction > whole && text[fraction - 1] == '.';
      int wholeDigits = (dot ? fraction - 1 : fraction) - whole;
      int fractionDigits = dot ? i - fraction : 0;
      boolean plain = i == end && wholeDigits > 0 && (!dot || fractionDigits > 0);
      return plain && wholeDigits <= mostWhole(text[whole]) && fractionDigits <= mostFraction
          ? ValueReader.CHECKED
          : null;
    }

    /** A single zero before the point takes no digit of the type's. */
    private int mostWhole(byte first) {
      return first == '0' ? Math.max(1, mostWhole) : mostWhole;
    }
  }

  private static final class Texts implements ScanReader {
    private final int most;

    Texts(ColumnType type) {
      most = type.precision() == ColumnType.UNSTATED ? Integer.MAX_VALUE : type.precision();
    }

    @Override
    public @Nullable Object readText(JsonScanner json, boolean keep) {
      return json.characters() > most ? null : keep ? json.copyText() : ValueReader.CHECKED;
    }
  }

  private static final class Uuids implements ScanReader {
    private static final int LENGTH = 36;

    @Override
    public @Nullable Object readText(JsonScanner json, boolean keep) {
      if (json.textLength() != LENGTH) {
        return null;
      }
      for (int i = 0; i < LENGTH; i++) {
        byte c = json.buffer()[json.textStart() + i];
        boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? c != '-' : !isDigit(c) && (c < 'a' || c > 'f')) {
          return null;
        }
      }
      return keep ? json.copyText() : ValueReader.CHECKED;
    }
  }

  /** Checks dates and times of the years 1 to 9999. */
  private static final class Times implements ScanReader {
    private static final long FIRST_DAY = -719_162;
    private static final long LAST_DAY = 2_932_896;
    private static final long SECONDS_A_DAY = 86_400;
    private static final byte[] MONTHS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private final Kind kind;
    private final long least;
    private final long most;

    /**
     * A reader.
     *
     * @param perSecond how many units of numbers are in a second, 0 where they are days
     */
    Times(Kind kind, long perSecond) {
      this.kind = kind;
      if (kind == Kind.TIME) {
        least = 0;
        most = SECONDS_A_DAY * perSecond - 1;
      } else if (kind == Kind.DATE && perSecond == 0) {
        least = FIRST_DAY;
        most = LAST_DAY;
      } else {
        // Nanoseconds since 1970 do not reach so far: what a long holds bounds them.
        long reach = perSecond == 0 ? 0 : Long.MAX_VALUE / 2 / SECONDS_A_DAY / perSecond;
        least = perSecond == 0 ? 1 : Math.max(FIRST_DAY, -reach) * SECONDS_A_DAY * perSecond;
        most = perSecond == 0 ? 0 : Math.min(LAST_DAY, reach) * SECONDS_A_DAY * perSecond;
      }
    }

    @Override
    public @Nullable Object readOther(JsonScanner json, boolean keep) {
      return !keep && json.whole() && json.number() >= least && json.number() <= most
          ? ValueReader.CHECKED
          : null;
    }

    /**
     * {@code 2026-05-01}, and for timestamps {@code T12:00:00} (or a blank for the T), a fraction,
     * {@code Z}.
     */
    @Override
    public @Nullable Object readText(JsonScanner json, boolean keep) {
      if (keep || kind == Kind.TIME) {
        return null;
      }
      byte[] text = json.buffer();
      int start = json.textStart();
      int length = json.textLength();
      boolean fits =
          kind == Kind.DATE
              ? length == 10 && isDate(text, start)
              : length >= 19
                  && length <= 30
                  && isDate(text, start)
                  && isTime(text, start + 10, start + length);
      return fits ? ValueReader.CHECKED : null;
    }

    private static boolean isDate(byte[] text, int start) {
      int century = two(text, start);
      int inCentury = two(text, start + 2);
      int month = two(text, start + 5);
      int day = two(text, start + 8);
      if ((century | inCentury | month | day) < 0
          || text[start + 4] != '-'
          || text[start + 7] != '-'
          || month < 1
          || month > 12) {
        return false;
      }
      int year = century * 100 + inCentury;
      boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
      return year >= 1 && day >= 1 && day <= (month == 2 && leap ? 29 : MONTHS[month - 1]);
    }

    private static boolean isTime(byte[] text, int start, int end) {
      int hour = two(text, start + 1);
      int minute = two(text, start + 4);
      int second = two(text, start + 7);
      if ((hour | minute | second) < 0
          || (text[start] != 'T' && text[start] != ' ')
          || text[start + 3] != ':'
          || text[start + 6] != ':'
          || hour > 23
          || minute > 59
          || second > 59) {
        return false;
      }
      int last = text[end - 1] == 'Z' ? end - 1 : end;
      int i = start + 9;
      if (i == last) {
        return true;
      }
      boolean fraction = text[i] == '.' && last - i >= 2 && last - i <= 10;
      for (i++; i < last; i++) {
        fraction &= isDigit(text[i]);
      }
      return fraction;
    }

    /** A number of two digits, or a negative one if these are none. */
    private static int two(byte[] text, int start) {
      return isDigit(text[start]) && isDigit(text[start + 1])
          ? (text[start] - '0') * 10 + text[start + 1] - '0'
          : -1;
    }
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private ScanReaders() {}
}
