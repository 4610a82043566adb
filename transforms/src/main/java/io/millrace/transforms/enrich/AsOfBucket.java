package io.millrace.transforms.enrich;

import io.millrace.transforms.block.PacketReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins the facts of a bucket of keys as of their times, during one call. A fact is ahead until the
 * watermark has passed it; it is said when no version in time can change its row any more; and it
 * is kept for as long as a late one can.
 */
final class AsOfBucket<K, D> {
  private final AsOfRules rules;
  private final KnownRows<K, D> rows;
  private final FactChunks facts;
  private final AsOfOutput<K, D> out;
  private final long watermark;

  AsOfBucket(
      AsOfRules rules,
      KnownRows<K, D> rows,
      FactChunks facts,
      AsOfOutput<K, D> out,
      long watermark) {
    this.rules = rules;
    this.rows = rows;
    this.facts = facts;
    this.out = out;
    this.watermark = watermark;
  }

  /** Does what is due at the watermark. */
  void advance() {
    for (FactChunk chunk : facts.all()) {
      if (chunk.isDue(watermark)) {
        facts.take(chunk).forEach(fact -> advance(chunk.kind(), fact));
      } else if (chunk.kind() == FactKind.SAID && !rules.isKept(chunk.last(), watermark)) {
        facts.remove(chunk);
      }
    }
    facts.write();
  }

  private void advance(FactKind kind, Fact fact) {
    if (kind == FactKind.AHEAD && fact.time() >= watermark) {
      facts.add(FactKind.AHEAD, fact);
    } else if (kind == FactKind.LINGERING) {
      linger(fact);
    } else {
      settle(fact);
    }
  }

  /** Says a fact that the watermark has passed, unless its row may still come. */
  private void settle(Fact fact) {
    KnownRow<K, D> row = rows.get(fact.key());
    long decidedAt = row.versions().decidedAt(fact.time(), rules.patience());
    if (decidedAt >= watermark) {
      facts.add(FactKind.WAITING, fact.due(decidedAt));
      return;
    }
    int at = row.versions().rowAsOf(fact.time(), rules.patience());
    if (at == Versions.NONE && !rules.isLeft()) {
      linger(fact);
    } else {
      say(fact, row, at);
    }
  }

  private void say(Fact fact, KnownRow<K, D> row, int at) {
    out.say(fact, row, at);
    if (rules.isKept(fact.time(), watermark)) {
      facts.add(FactKind.SAID, fact.said());
    }
  }

  /** Hands over a fact without a row, unless a late version may still bring it one. */
  private void linger(Fact fact) {
    if (rules.isKept(fact.time(), watermark)) {
      facts.add(FactKind.LINGERING, fact.due(fact.time() + rules.reach()));
    } else {
      out.unmatched(fact, rows.get(fact.key()));
    }
  }

  /** Takes a packet of facts. */
  void addFacts(byte[] packet) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    PacketReader reader = new PacketReader(packet);
    while (reader.next()) {
      first = Math.min(first, reader.timestamp());
      last = Math.max(last, reader.timestamp());
    }
    if (first >= watermark && facts.isLarge(packet)) {
      facts.addPacket(packet, first, last);
      return;
    }
    reader = new PacketReader(packet);
    while (reader.next()) {
      add(Fact.ofPacket(reader));
    }
    facts.write();
  }

  private void add(Fact fact) {
    if (fact.time() >= watermark) {
      facts.add(FactKind.AHEAD, fact);
    } else if (rules.isTooLate(fact.time(), watermark)) {
      out.tooLate(fact, rows.get(fact.key()));
    } else {
      settle(fact);
    }
  }

  /** Takes a packet of versions. */
  void addVersions(byte[] packet) {
    Map<String, List<Version>> byKey = new LinkedHashMap<>();
    PacketReader reader = new PacketReader(packet);
    while (reader.next()) {
      String key =
          new String(
              reader.buffer(), reader.keyOffset(), reader.keyLength(), StandardCharsets.ISO_8859_1);
      byKey
          .computeIfAbsent(key, any -> new ArrayList<>(1))
          .add(Version.ofTable(reader.buffer(), reader.valueOffset(), reader.valueLength()));
    }
    Corrections<K, D> corrections = new Corrections<>(rules, watermark);
    byKey.forEach((key, added) -> add(rows.get(key), added, corrections));
    correct(corrections);
    rows.sweep(watermark - rules.reach());
  }

  private void add(KnownRow<K, D> row, List<Version> added, Corrections<K, D> corrections) {
    Versions before = row.versions();
    Versions after = before;
    for (Version version : added) {
      Versions with = after.with(version);
      if (!with.is(after)) {
        if (rules.isTooLate(version.time(), watermark)) {
          out.tooLate(version);
        }
        after = with;
      }
    }
    Versions kept = after.since(watermark - rules.reach());
    if (!kept.is(before)) {
      rows.put(row, kept);
      corrections.add(row, before, added);
    }
  }

  /** Says anew what was said of facts whose rows have changed, and what now has a row. */
  private void correct(Corrections<K, D> corrections) {
    if (corrections.isEmpty()) {
      return;
    }
    for (FactChunk chunk : facts.which(corrections::mayTouch)) {
      correct(chunk, corrections);
    }
    facts.write();
  }

  private void correct(FactChunk chunk, Corrections<K, D> corrections) {
    List<Fact> same = new ArrayList<>();
    long due = chunk.due();
    boolean hasChanged = false;
    for (Fact fact : facts.read(chunk)) {
      Corrections.Row<K, D> row = corrections.row(fact);
      if (row == null || isSame(chunk.kind(), fact, row)) {
        same.add(fact);
      } else if (chunk.kind() == FactKind.WAITING && isWaiting(fact, row.now())) {
        due = Math.min(due, row.now().versions().decidedAt(fact.time(), rules.patience()));
        same.add(fact);
      } else {
        hasChanged = true;
        correct(chunk.kind(), fact, row);
      }
    }
    if (hasChanged) {
      facts.remove(chunk);
      long dueOfSame = due;
      same.forEach(fact -> facts.add(chunk.kind(), fact.due(dueOfSame)));
    } else if (due < chunk.due()) {
      facts.setDue(chunk, due);
    }
  }

  private boolean isWaiting(Fact fact, KnownRow<K, D> row) {
    return row.versions().decidedAt(fact.time(), rules.patience()) >= watermark;
  }

  /** Whether there is nothing new to say of a fact that does not wait. */
  private boolean isSame(FactKind kind, Fact fact, Corrections.Row<K, D> row) {
    Versions now = row.now().versions();
    int at = now.rowAsOf(fact.time(), rules.patience());
    return switch (kind) {
      case SAID ->
          !rules.isKept(fact.time(), watermark)
              || row.before().isSame(row.before().rowAsOf(fact.time(), rules.patience()), now, at);
      case LINGERING -> at == Versions.NONE;
      case WAITING, AHEAD -> false;
    };
  }

  private void correct(FactKind kind, Fact fact, Corrections.Row<K, D> row) {
    if (kind == FactKind.SAID) {
      int saidAt = row.before().rowAsOf(fact.time(), rules.patience());
      out.takeBack(fact, row.now(), row.before(), saidAt);
      int at = row.now().versions().rowAsOf(fact.time(), rules.patience());
      if (at == Versions.NONE && !rules.isLeft()) {
        linger(fact);
      } else {
        say(fact, row.now(), at);
      }
    } else {
      settle(fact);
    }
  }

  /** When there is something to do next, {@link BucketState#NEVER} if there is not. */
  long due() {
    long due = BucketState.NEVER;
    for (FactChunk chunk : facts.all()) {
      if (chunk.kind() != FactKind.SAID) {
        due = Math.min(due, chunk.due());
      }
    }
    return due;
  }

  /** The earliest time of facts that are to be said in time. */
  long held() {
    long held = BucketState.NEVER;
    for (FactChunk chunk : facts.all()) {
      if (chunk.kind() == FactKind.AHEAD || chunk.kind() == FactKind.WAITING) {
        held = Math.min(held, chunk.first());
      }
    }
    return held;
  }
}
