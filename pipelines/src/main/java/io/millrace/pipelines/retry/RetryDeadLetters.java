package io.millrace.pipelines.retry;

import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.SchemaRegistryAccess;
import io.millrace.pipelines.replicate.Warehouses;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.quality.DeadLetterFilter;
import io.millrace.transforms.quality.DeadLetters;
import io.millrace.transforms.quality.MarkDeadLetters;
import io.millrace.transforms.quality.ResendDeadLetters;
import io.millrace.transforms.read.ReadFiles;
import io.millrace.transforms.warehouse.WriteWarehouse;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.apache.beam.sdk.Pipeline;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Sends dead letters again: reads their files, parses the records anew, writes the rows past the
 * merge but through the warehouse's guard, so that newer rows stay, and marks the letters once all
 * is written.
 */
public final class RetryDeadLetters {

  /** A letter is its record and more, escaped. */
  private static final int LONGEST_LETTER = 512 << 20;

  /** Builds the pipeline; the warehouse's tables and some letters must be there when it runs. */
  public static void build(Pipeline pipeline, RetryOptions options) {
    String directory = options.getDeadLetters();
    Contract contract = InputFiles.contract(options).ofSource();
    ResendDeadLetters.Result again =
        pipeline
            .apply(
                "Read",
                ReadFiles.matching(DeadLetters.filesIn(directory)).withMaxLineBytes(LONGEST_LETTER))
            .apply("Resend", resend(options, contract));
    WriteWarehouse.Result written =
        again
            .changes()
            .apply(
                "Warehouse", WriteWarehouse.to(Warehouses.of(options), contract).withoutProgress());
    again.attempts().apply("Mark", MarkDeadLetters.in(directory).refused(written.deadLetters()));
  }

  private static ResendDeadLetters resend(RetryOptions options, Contract contract) {
    ResendDeadLetters resend =
        ResendDeadLetters.of(options.getDeadLetters(), contract)
            .withFilter(filter(options))
            .withUnknownColumns(options.getUnknownColumns());
    ChangeFormat format = options.getFormat();
    if (format != null) {
      resend = resend.withFormat(format);
    }
    SchemaRegistry registry = SchemaRegistryAccess.of(options);
    if (registry != null) {
      resend = resend.withSchemaRegistry(registry);
    }
    Integer epoch = options.getPositionEpoch();
    return epoch == null ? resend : resend.withPositionEpoch(epoch);
  }

  /**
   * Which letters are meant.
   *
   * @throws LaunchException if a date is none
   */
  static DeadLetterFilter filter(RetryOptions options) {
    return new DeadLetterFilter(
        options.getTable(),
        options.getReason(),
        options.getStage(),
        date("since", options.getSince()),
        date("until", options.getUntil()));
  }

  private static @Nullable LocalDate date(String option, @Nullable String text) {
    try {
      return text == null ? null : LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw LaunchException.input(
          "--" + option + " must be a date such as 2026-05-01, got '" + text + "'", e);
    }
  }

  private RetryDeadLetters() {}
}
