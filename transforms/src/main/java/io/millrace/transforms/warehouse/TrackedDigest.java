package io.millrace.transforms.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.schemas.contract.ColumnType;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Digests of the tracked columns of whole rows, by which two of them are compared without a look
 * into the database. Not all can be: two texts may be one value to PostgreSQL, such as {@code 1
 * day} and {@code 24:00}.
 *
 * <p>Format: four bytes that tell which columns are tracked, eight of the values whose equality is
 * known here, and eight of the others where there are any; each the head of a SHA-256.
 */
final class TrackedDigest {
  static final int LAYOUT = 4;
  static final int PART = 8;

  /** How two rows compare. */
  enum Answer {
    SAME,
    OTHER,
    /** The database has to be asked. */
    UNSURE
  }

  private final TargetTable table;
  private final byte[] layout;
  private final boolean[] exact;
  private final boolean hasOthers;
  private final MessageDigest sha = sha256();
  private final byte[] number = new byte[9];

  TrackedDigest(TargetTable table) {
    this.table = table;
    this.exact = new boolean[table.valueNames().size()];
    boolean others = false;
    StringBuilder columns = new StringBuilder();
    for (int value : table.trackedValues()) {
      ColumnType type = table.valueTypes().get(value);
      exact[value] = isExact(type);
      others |= !exact[value];
      columns.append(table.valueNames().get(value)).append('\0').append(type).append('\0');
    }
    this.hasOthers = others;
    this.layout = Arrays.copyOf(sha.digest(columns.toString().getBytes(UTF_8)), LAYOUT);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }

  private static boolean isExact(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN, SMALLINT, INTEGER, BIGINT, DECIMAL, DATE, BYTES -> true;
      // One of fewer digits is rounded as it is stored.
      case TIMESTAMP, TIMESTAMP_TZ -> PostgresTypes.column(type).indexOf('(') < 0;
      // Blanks at the end of a char(n) do not count.
      case TEXT -> !PostgresTypes.cast(type).equals("bpchar");
      case REAL, DOUBLE, UUID, JSON, TIME, TIME_TZ, OPAQUE, ARRAY -> false;
    };
  }

  /** What the digests of the same tracked columns begin with. */
  byte[] layout() {
    return layout.clone();
  }

  /** The part of a digest that tells two rows of the same layout apart wherever it differs. */
  static byte @Nullable [] known(byte @Nullable [] digest) {
    return digest == null ? null : Arrays.copyOfRange(digest, LAYOUT, LAYOUT + PART);
  }

  /** The digest of a row that has all values. */
  byte[] of(@Nullable Object[] values) {
    byte[] digest = Arrays.copyOf(layout, LAYOUT + PART + (hasOthers ? PART : 0));
    add(values, true, digest, LAYOUT);
    if (hasOthers) {
      add(values, false, digest, LAYOUT + PART);
    }
    return digest;
  }

  private void add(@Nullable Object[] values, boolean ofExact, byte[] digest, int place) {
    for (int value : table.trackedValues()) {
      if (exact[value] == ofExact) {
        add(values[value]);
      }
    }
    System.arraycopy(sha.digest(), 0, digest, place, PART);
  }

  private void add(@Nullable Object value) {
    if (value == null) {
      sha.update((byte) 0);
    } else if (value instanceof byte[] bytes) {
      add(bytes);
    } else if (value instanceof Boolean flag) {
      add(flag ? 1 : 0);
    } else if (value instanceof Short || value instanceof Integer || value instanceof Long) {
      add(((Number) value).longValue());
    } else if (value instanceof Instant time
        && time.isAfter(Instant.MIN)
        && time.isBefore(Instant.MAX)) {
      add(BoundType.micros(time));
    } else if (value instanceof LocalDateTime time
        && time.isAfter(LocalDateTime.MIN)
        && time.isBefore(LocalDateTime.MAX)) {
      add(BoundType.micros(time.toInstant(ZoneOffset.UTC)));
    } else if (value instanceof BigDecimal decimal) {
      add(decimal.stripTrailingZeros().toString().getBytes(UTF_8));
    } else {
      add(PostgresValues.text(value).getBytes(UTF_8));
    }
  }

  private void add(byte[] bytes) {
    add(bytes.length);
    sha.update(bytes);
  }

  private void add(long value) {
    number[0] = 1;
    for (int i = 1; i < number.length; i++) {
      number[i] = (byte) (value >>> (8 * (8 - i)));
    }
    sha.update(number);
  }

  /** Compares two rows by their digests; null is that of a row which is not known as a whole. */
  static Answer compare(byte @Nullable [] one, byte @Nullable [] other) {
    if (one == null || other == null || one.length != other.length) {
      return Answer.UNSURE;
    }
    if (Arrays.equals(one, other)) {
      return Answer.SAME;
    }
    int known = LAYOUT + PART;
    boolean sameColumns = Arrays.equals(one, 0, LAYOUT, other, 0, LAYOUT);
    boolean sameKnown = Arrays.equals(one, LAYOUT, known, other, LAYOUT, known);
    return sameColumns && !sameKnown ? Answer.OTHER : Answer.UNSURE;
  }
}
