package io.millrace.benchmarks.readings;

import java.util.Arrays;

/**
 * The right sums, the plain way: a sum and a count for each sensor and second, of which windows are
 * added up in the end; sessions as they end.
 */
final class WindowAnswers {
  private final long[][] sums;
  private final int[][] counts;
  private final long[] sessionStarts;
  private final long[] sessionSums;
  private final long[] lastTimes;
  private final WindowBook sessions = new WindowBook();
  private final WindowBook.Page ended = sessions.page();

  WindowAnswers(int sensors) {
    sums = new long[sensors][1_024];
    counts = new int[sensors][1_024];
    sessionStarts = new long[sensors];
    sessionSums = new long[sensors];
    lastTimes = new long[sensors];
  }

  /** Takes a reading; each sensor's come in the order of their times. */
  void add(int sensor, long time, long value) {
    int second = (int) ((time - Readings.BEGIN) / 1_000);
    if (second >= sums[sensor].length) {
      sums[sensor] = Arrays.copyOf(sums[sensor], second * 2);
      counts[sensor] = Arrays.copyOf(counts[sensor], second * 2);
    }
    sums[sensor][second] += value;
    counts[sensor][second]++;
    if (time - lastTimes[sensor] >= WindowKind.SIZE) {
      end(sensor);
      sessionStarts[sensor] = time;
    }
    sessionSums[sensor] += value;
    lastTimes[sensor] = time;
  }

  private void end(int sensor) {
    if (lastTimes[sensor] > 0) {
      ended.add(
          sensor, sessionStarts[sensor], lastTimes[sensor] + WindowKind.SIZE, sessionSums[sensor]);
    }
    sessionSums[sensor] = 0;
  }

  /** The answer for a kind of windows; no reading may follow. */
  String of(WindowKind kind) {
    if (kind != WindowKind.SESSION) {
      return fixed(kind.slideSeconds());
    }
    for (int sensor = 0; sensor < sums.length; sensor++) {
      end(sensor);
      lastTimes[sensor] = 0;
    }
    return sessions.answer();
  }

  private String fixed(int slide) {
    int size = (int) (WindowKind.SIZE / 1_000);
    WindowBook book = new WindowBook();
    WindowBook.Page page = book.page();
    for (int sensor = 0; sensor < sums.length; sensor++) {
      for (int start = slide - size; start < sums[sensor].length; start += slide) {
        long sum = 0;
        int count = 0;
        for (int second = Math.max(start, 0);
            second < Math.min(start + size, sums[sensor].length);
            second++) {
          sum += sums[sensor][second];
          count += counts[sensor][second];
        }
        if (count > 0) {
          long millis = Readings.BEGIN + start * 1_000L;
          page.add(sensor, millis, millis + WindowKind.SIZE, sum);
        }
      }
    }
    return book.answer();
  }
}
