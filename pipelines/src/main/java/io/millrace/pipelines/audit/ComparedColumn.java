package io.millrace.pipelines.audit;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType.Kind;
import java.time.ZoneId;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A column that both sides have, and what its values are compared as.
 *
 * @param contract what the contract says of it
 * @param kind as what its values are compared: the contract's, or a wider one where a side has more
 *     than the contract asks for, so that nothing is rounded before it is compared
 * @param padded whether blanks at the end do not count, since one side fills texts up with them
 * @param zone where the clock of times without a zone stands, if they are compared with instants
 */
record ComparedColumn(ColumnContract contract, Kind kind, boolean padded, ZoneId zone) {
  private static final Set<String> FINE_NUMBERS = Set.of("float8", "numeric");
  private static final Set<String> TIMES = Set.of("timestamp", "timestamptz");
  private static final Set<String> PADDED = Set.of("char", "character", "bpchar");

  /** The column, with what it takes to compare what both sides have. */
  static ComparedColumn of(
      ColumnContract contract, SideColumn first, SideColumn second, ZoneId zone) {
    Kind kind = contract.type().kind();
    if (kind == Kind.REAL && anyOf(FINE_NUMBERS, first, second)) {
      kind = Kind.DOUBLE;
    } else if (kind == Kind.DATE && anyOf(TIMES, first, second)) {
      kind = Kind.TIMESTAMP;
    }
    boolean padded =
        kind == Kind.TEXT
            && (PADDED.contains(contract.type().name()) || anyOf(Set.of("bpchar"), first, second));
    return new ComparedColumn(contract, kind, padded, zone);
  }

  private static boolean anyOf(Set<String> types, SideColumn... sides) {
    return Stream.of(sides).anyMatch(side -> types.contains(side.type()));
  }

  String name() {
    return contract.name();
  }
}
