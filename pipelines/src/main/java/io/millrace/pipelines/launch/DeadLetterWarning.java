package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.DeadLetterOptions;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What a pipeline tells after a run of which not every record went through. */
public final class DeadLetterWarning {

  /**
   * Says how many records became dead letters and where they are, if any did.
   *
   * @param counts of a {@link io.millrace.transforms.quality.RunCounter}, by name
   */
  public static void give(
      DeadLetterOptions options, ToLongFunction<String> counts, Session session) {
    long deadLetters = counts.applyAsLong("records_rejected") + counts.applyAsLong("rows_refused");
    if (deadLetters > 0) {
      session.warn(
          String.format(
              Locale.ROOT,
              "%,d records went to the dead letters in %s",
              deadLetters,
              options.getDeadLetters()));
    }
  }

  private DeadLetterWarning() {}
}
