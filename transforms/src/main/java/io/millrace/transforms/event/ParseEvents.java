package io.millrace.transforms.event;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.BusinessEventCoder;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.EventReader;
import io.millrace.transforms.quality.ChangeCountsCoder;
import io.millrace.transforms.quality.DeadLetterCoder;
import java.time.Clock;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * Parses records into the {@link io.millrace.schemas.BusinessEvent}s of a contract, checking every
 * value against it.
 *
 * <p>An event's timestamp is when it happened, in milliseconds. What is no event of the contract,
 * has no id or no time, or a time before 1970 or too far in the future, goes to {@link
 * ParsedEvents#deadLetters()} with its reason and its bytes; the others of its block go on. A
 * record without a value is counted and left out.
 *
 * <p>Order and duplicates: passed through as they come. Lateness: an event may be older than its
 * block, and then also older than the watermark; it is handed on all the same, and is late for what
 * follows. {@link io.millrace.transforms.read.ReadTopics} with event times sees to it that the
 * watermark waits. Input is in the global window. No state.
 *
 * <pre>{@code
 * ParsedEvents parsed = blocks.apply(ParseEvents.of(contract));
 * parsed.events().apply(...);
 * parsed.deadLetters().apply(WriteDeadLetters.to(directory));
 * }</pre>
 */
@AutoValue
public abstract class ParseEvents extends PTransform<PCollection<RecordBlock>, ParsedEvents> {
  /** How much later than it came in an event may have happened, if nothing else is said. */
  public static final Duration FUTURE_TOLERANCE = Duration.standardHours(1);

  abstract Contract contract();

  abstract UnknownColumns unknownColumns();

  abstract @Nullable SchemaRegistry schemaRegistry();

  abstract Duration futureTolerance();

  abstract Clock clock();

  abstract Builder toBuilder();

  /**
   * Parses the events of this contract.
   *
   * @throws IllegalArgumentException if it has none
   */
  public static ParseEvents of(Contract contract) {
    EventReader.requireEvents(contract);
    return new AutoValue_ParseEvents.Builder()
        .setContract(contract)
        .setUnknownColumns(UnknownColumns.CAPTURE)
        .setFutureTolerance(FUTURE_TOLERANCE)
        .setClock(Clock.systemUTC())
        .build();
  }

  /** What happens to columns that the contract does not know; they are captured by default. */
  public ParseEvents withUnknownColumns(UnknownColumns unknownColumns) {
    return toBuilder().setUnknownColumns(unknownColumns).build();
  }

  /** Reads values that are in Avro with this registry's schemas; by default there are none. */
  public ParseEvents withSchemaRegistry(SchemaRegistry registry) {
    return toBuilder().setSchemaRegistry(registry).build();
  }

  /**
   * How much later than it came in, or than now, an event may have happened by its own clock; an
   * hour by default. Allow more where devices' clocks are set right afterwards.
   *
   * @throws IllegalArgumentException if {@code tolerance} is negative
   */
  public ParseEvents withFutureTolerance(Duration tolerance) {
    if (tolerance.getMillis() < 0) {
      throw new IllegalArgumentException("futureTolerance must be 0 or more, got " + tolerance);
    }
    return toBuilder().setFutureTolerance(tolerance).build();
  }

  /** What tells now. */
  ParseEvents withClock(Clock clock) {
    return toBuilder().setClock(clock).build();
  }

  @Override
  public ParsedEvents expand(PCollection<RecordBlock> input) {
    if (!(input.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
      throw new IllegalArgumentException(
          "ParseEvents gives events timestamps of their own, so it takes only what is in the global"
              + " window, got "
              + input.getWindowingStrategy().getWindowFn());
    }
    PCollectionTuple parsed =
        input.apply(
            "Parse",
            ParDo.of(new ParseEventsFn(this))
                .withOutputTags(
                    ParsedEvents.EVENTS,
                    TupleTagList.of(ParsedEvents.DEAD_LETTERS).and(ParsedEvents.COUNTS)));
    return new ParsedEvents(
        parsed.get(ParsedEvents.EVENTS).setCoder(BusinessEventCoder.of()),
        parsed.get(ParsedEvents.DEAD_LETTERS).setCoder(DeadLetterCoder.of()),
        parsed
            .get(ParsedEvents.COUNTS)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of())));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("contract", contract().id() + " " + contract().version()))
        .add(DisplayData.item("unknownColumns", unknownColumns().name()))
        .add(DisplayData.item("futureTolerance", futureTolerance()))
        .addIfNotNull(
            DisplayData.item(
                "schemaRegistry", schemaRegistry() == null ? null : schemaRegistry().toString()));
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setContract(Contract contract);

    abstract Builder setUnknownColumns(UnknownColumns unknownColumns);

    abstract Builder setSchemaRegistry(SchemaRegistry registry);

    abstract Builder setFutureTolerance(Duration tolerance);

    abstract Builder setClock(Clock clock);

    abstract ParseEvents build();
  }
}
