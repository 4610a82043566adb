package io.millrace.pipelines.summarize;

import io.millrace.pipelines.event.Durations;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.transforms.window.Windows;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joda.time.Duration;

/**
 * Windows as contracts write them, such as {@code tumbling PT1H} or {@code hopping PT1H by PT5M}.
 */
final class WindowText {
  private static final Pattern TEXT =
      Pattern.compile("([a-z]+(?: [a-z]+)??)(?:\\s+(PT?\\S+))?(?:\\s+by\\s+(PT?\\S+))?");

  /**
   * Reads windows.
   *
   * @param where the table and property, for an error
   * @throws LaunchException if they are none
   */
  static Windows parse(String text, String where) {
    Matcher matcher = TEXT.matcher(text.trim());
    try {
      if (matcher.matches()) {
        String kind = matcher.group(1);
        if (kind.equals("global") && matcher.group(2) == null) {
          return Windows.global();
        }
        if (matcher.group(2) != null) {
          Duration size = Durations.parse(matcher.group(2), where);
          if (kind.equals("hopping") && matcher.group(3) != null) {
            return Windows.hopping(size, Durations.parse(matcher.group(3), where));
          }
          if (matcher.group(3) == null) {
            switch (kind) {
              case "tumbling" -> {
                return Windows.tumbling(size);
              }
              case "sessions" -> {
                return Windows.sessions(size);
              }
              case "trailing" -> {
                return Windows.trailing(size);
              }
              case "oldest" -> {
                return Windows.fromOldest(size);
              }
              default -> {}
            }
          }
        }
      }
    } catch (IllegalArgumentException e) {
      throw LaunchException.input(where + " is '" + text + "': " + e.getMessage(), e);
    }
    throw LaunchException.input(
        where
            + " is '"
            + text
            + "'; it is one of: tumbling PT1H, hopping PT1H by PT5M, sessions PT30M, trailing PT10M,"
            + " oldest PT10M, global");
  }

  private WindowText() {}
}
