package io.millrace.transforms.laws;

import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The places of changes in the log of their source, and how records of a flavor tell them. The log
 * has slots, and each slot two places, for the two changes of a change of a key.
 */
final class Places {
  private static final DateTimeFormatter SHOWN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss+00").withZone(ZoneOffset.UTC);
  private static final long START_MILLIS = 1_767_225_600_000L;

  /** What records say of a place, as the fields of a JSON object; with %s for the table. */
  private final List<String> fields = new ArrayList<>();

  private final List<Position> positions = new ArrayList<>();
  private final List<Boolean> snapshots = new ArrayList<>();
  private final boolean clock;
  private final boolean neutral;

  Places(Flavor flavor, int slots, Random random) {
    clock = random.nextInt(4) > 0;
    neutral = !flavor.isDebezium();
    switch (flavor) {
      case NUMBERS -> numbers(slots, random);
      case TEXTS -> texts(slots, random);
      case POSTGRES -> postgres(slots, random, true);
      case POSTGRES_WITHOUT_TRANSACTIONS -> postgres(slots, random, false);
      case MYSQL -> mysql(slots, random);
    }
  }

  /** Where a change stands; in the neutral format its operation tells changes of a place apart. */
  Position position(int order, Operation operation) {
    Position position = positions.get(order);
    return switch (operation) {
      case DELETE -> neutral ? position.followedBy(0) : position;
      case TRUNCATE -> neutral ? position.followedBy(1) : position;
      case INSERT, UPDATE, UPSERT, READ, SNAPSHOT_START, SNAPSHOT_END -> position;
    };
  }

  /** Whether a source's snapshot was read there. */
  boolean isSnapshot(int order) {
    return snapshots.get(order);
  }

  String fields(int order, String table) {
    return fields.get(order).replace("%s", table);
  }

  /**
   * When the change was committed, as PostgreSQL shows it: by a clock that jumps back and forth.
   */
  @Nullable String committedAt(int order) {
    return clock ? SHOWN.format(Instant.ofEpochMilli(millis(order))) : null;
  }

  private static long millis(int order) {
    return START_MILLIS + order * 7L % 16 * 1_000;
  }

  private static PositionEncoder encoder() {
    return new PositionEncoder().start(0);
  }

  private void numbers(int slots, Random random) {
    long[] starts = {-7, 0, 250, 65_530, Long.MAX_VALUE - 9};
    BigInteger number = BigInteger.valueOf(starts[random.nextInt(starts.length)]);
    for (int order = 0; order < 2 * slots; order++) {
      number = number.add(BigInteger.ONE);
      add(encoder().rank(1).number(number).end(), "\"position\":" + number, order);
    }
  }

  private void texts(int slots, Random random) {
    Set<String> texts = new HashSet<>();
    while (texts.size() < 2 * slots) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(5); i >= 0; i--) {
        text.appendCodePoint(new int[] {'0', 'a', 0xFFFD, 0x1F600}[random.nextInt(4)]);
      }
      texts.add(text.toString());
    }
    List<String> sorted = new ArrayList<>(texts);
    sorted.sort(
        (one, other) ->
            Arrays.compareUnsigned(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)));
    for (int order = 0; order < sorted.size(); order++) {
      String text = sorted.get(order);
      add(encoder().rank(2).endWith(text), "\"position\":\"" + text + '"', order);
    }
  }

  private void add(Position position, String told, int order) {
    positions.add(position);
    snapshots.add(false);
    fields.add(told + (clock ? ",\"committedAt\":" + millis(order) : ""));
  }

  /** Rows' LSNs only grow within a transaction, and not at all where its events have an order. */
  private void postgres(int slots, Random random, boolean transactions) {
    int first = random.nextInt(4);
    long lastCommit = 0;
    long lsn = 250L + random.nextInt(500);
    int total = 0;
    for (int slot = 0; slot < slots; slot++) {
      boolean snapshot = slot < first || random.nextInt(12) == 0;
      boolean inTransaction =
          slot > first && !snapshot && !snapshots.get(2 * slot - 1) && random.nextInt(3) > 0;
      if (!inTransaction) {
        total = 0;
        lastCommit = slot <= first ? 0 : Math.max(lastCommit, lsn) + 1 + random.nextInt(300);
        lsn = snapshot ? lastCommit + slot : Math.max(1, lastCommit - 200 + random.nextInt(250));
      }
      lsn += transactions && inTransaction && !snapshot ? random.nextInt(2) : 1;
      for (int part = 0; part < 2; part++) {
        total++;
        long order = transactions && !snapshot ? total : 0;
        positions.add(
            encoder().number(lastCommit).rank(snapshot ? 0 : 1).number(lsn).number(order).end());
        String commit = lastCommit == 0 ? "null" : "\\\"" + lastCommit + "\\\"";
        String source =
            "\"sequence\":\"[%s,\\\"%d\\\"]\",\"lsn\":%d,\"txId\":7,\"schema\":\"source\""
                .formatted(commit, lsn, lsn);
        debezium("postgresql", source, snapshot, 2 * slot + part, order);
      }
    }
  }

  private void mysql(int slots, Random random) {
    int file = 8 + random.nextInt(3);
    long pos = 4;
    int first = random.nextInt(4);
    for (int slot = 0; slot < slots; slot++) {
      boolean snapshot = slot < first;
      boolean rotate = random.nextInt(5) == 0;
      file += rotate ? 1 : 0;
      pos = rotate ? 4 : pos + 1 + random.nextInt(300);
      for (int part = 0; part < 2; part++) {
        positions.add(encoder().number(file).number(pos).rank(snapshot ? 0 : 1).number(part).end());
        String source =
            "\"file\":\"mysql-bin.%06d\",\"pos\":%d,\"row\":%d,\"db\":\"source\""
                .formatted(file, pos, part);
        debezium("mysql", source, snapshot, 2 * slot + part, 0);
      }
    }
  }

  private void debezium(
      String connector, String source, boolean snapshot, int order, long totalOrder) {
    snapshots.add(snapshot);
    fields.add(
        "\"source\":{\"connector\":\"%s\",%s,\"table\":\"%%s\",\"snapshot\":\"%s\"%s}%s"
            .formatted(
                connector,
                source,
                snapshot,
                clock ? ",\"ts_ms\":" + millis(order) : "",
                totalOrder == 0
                    ? ""
                    : ",\"transaction\":{\"id\":\"7\",\"total_order\":%d}".formatted(totalOrder)));
  }
}
