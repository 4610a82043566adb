package io.millrace.testdata.events;

import java.time.Instant;
import java.time.LocalDateTime;

/** Random bits, and times made of them. */
final class Bits {
  private static final Instant EPOCH = Instant.parse("2024-01-01T00:00:00Z");
  private static final long TWO_YEARS_OF_MICROS = 2L * 365 * 86_400 * 1_000_000;

  /** Scatters the bits: the finalizer of MurmurHash3. */
  static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }

  static Instant moment(long bits, int nanosPerUnit) {
    long units = Long.remainderUnsigned(bits, TWO_YEARS_OF_MICROS * 1_000 / nanosPerUnit);
    long unitsPerSecond = 1_000_000_000L / nanosPerUnit;
    return EPOCH
        .plusSeconds(units / unitsPerSecond)
        .plusNanos(units % unitsPerSecond * nanosPerUnit);
  }

  /** As PostgreSQL writes a timestamp: a space, and no zeros at the end of the fraction. */
  static String postgres(LocalDateTime time) {
    String text = time.toString().replace('T', ' ');
    String whole = text.length() == 16 ? text + ":00" : text;
    return whole.indexOf('.') < 0 ? whole : whole.replaceFirst("0+$", "");
  }

  private Bits() {}
}
