package io.millrace.transforms.window;

import io.millrace.transforms.window.Script.Arrivals;
import io.millrace.transforms.window.Script.Clock;
import io.millrace.transforms.window.Script.Step;
import io.millrace.transforms.window.Script.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.joda.time.Duration;

/** Random windows with their policies, and random sales in random order. */
final class RandomSales {
  private static final int WINDOWS = 12;
  private static final int SHOPS = 30;
  private static final int STEPS = 14;

  /** How many cases are checked at once. */
  static final int CASES = WINDOWS * SHOPS;

  /** Sales may be as late as they like, in milliseconds. */
  static final long ANY_LATENESS = 40_000;

  /** What every policy allows, if policies are to take all sales, in milliseconds. */
  static final long LEAST_LATENESS = 5_000;

  private static final long EPOCH = 100_000;

  private final Random random;

  RandomSales(Random random) {
    this.random = random;
  }

  /** Windows whose policies allow any lateness or none, without the clock. */
  List<WindowCase> cases() {
    return Stream.generate(
            () ->
                new WindowCase(
                    windows(),
                    policy(Duration.millis(random.nextInt(4) * 500L * random.nextInt(16)))))
        .limit(WINDOWS)
        .toList();
  }

  /** Windows whose policies allow {@link #LEAST_LATENESS}, some with results by the clock. */
  List<WindowCase> casesByAnyClock() {
    return Stream.generate(
            () -> {
              LatePolicy policy =
                  policy(Duration.millis(LEAST_LATENESS + random.nextInt(3) * 3_000L));
              policy = random.nextInt(3) > 0 ? policy : policy.withEarlyFirings(delay());
              policy = random.nextInt(3) > 0 ? policy : policy.withLateFirings(delay());
              return new WindowCase(windows(), policy);
            })
        .limit(WINDOWS)
        .toList();
  }

  private Duration delay() {
    return Duration.millis(1 + random.nextInt(20));
  }

  private LatePolicy policy(Duration lateness) {
    Corrections[] corrections = Corrections.values();
    LatePolicy policy =
        LatePolicy.allowing(lateness)
            .withCorrections(corrections[random.nextInt(corrections.length)]);
    return random.nextBoolean() ? policy : policy.withEarlyFiringsAfter(1 + random.nextInt(3));
  }

  private Windows windows() {
    Duration size = Duration.millis(500L * (1 + random.nextInt(16)));
    return switch (random.nextInt(10)) {
      case 0 -> Windows.tumbling(size).withOffset(Duration.millis(random.nextInt(4_000)));
      case 1, 2, 3 ->
          Windows.hopping(
                  size, Duration.millis(500L * (1 + random.nextInt((int) size.getMillis() / 500))))
              .withOffset(Duration.millis(500L * random.nextInt(4)));
      case 4, 5, 6 -> Windows.sessions(size);
      case 7 -> Windows.trailing(size);
      case 8 -> Windows.fromOldest(size);
      default -> Windows.global();
    };
  }

  /**
   * Sales of many shops over a minute, in random order; of each, one at most in a step.
   *
   * @param lateness by how much a sale may be behind the watermark
   */
  Script script(long lateness) {
    List<Step> steps = new ArrayList<>();
    long watermark = EPOCH;
    Sale[] last = new Sale[SHOPS];
    for (int step = 0; step < STEPS; step++) {
      List<Sale> sales = new ArrayList<>();
      for (int shop = 0; shop < SHOPS; shop++) {
        if (random.nextInt(3) > 0) {
          boolean again = last[shop] != null && random.nextInt(8) == 0;
          Sale sale = again ? last[shop] : sale("shop" + shop, watermark, lateness);
          if (sale.millis() + lateness >= watermark) {
            sales.add(sale);
            last[shop] = sale;
          }
        }
      }
      steps.add(new Arrivals(sales));
      if (random.nextInt(3) > 0) {
        watermark += 500L * (1 + random.nextInt(15));
        // The last millisecond of a window, or the one after it.
        steps.add(new Watermark(watermark - random.nextInt(2)));
      }
      if (random.nextInt(3) == 0) {
        steps.add(new Clock(1 + random.nextInt(10)));
      }
    }
    return new Script(steps);
  }

  private Sale sale(String shop, long watermark, long lateness) {
    // Bounds of windows are multiples of 500, and what is next to them is the most telling.
    long[] jitter = {0, 0, 0, -1, 1, random.nextInt(500)};
    long behind = random.nextBoolean() ? -random.nextInt(24) * 500L : random.nextInt(24) * 500L;
    long time = watermark - Math.min(behind, lateness) + jitter[random.nextInt(jitter.length)];
    return new Sale(shop, random.nextInt(41) - 20, Math.max(time, watermark - lateness));
  }
}
