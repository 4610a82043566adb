package io.millrace.pipelines.evolve;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.image.EventRows;
import io.millrace.transforms.entity.Evolution;
import io.millrace.transforms.entity.Evolved;
import io.millrace.transforms.window.RunningAggregates;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.logicaltypes.NanosInstant;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What an event makes of an entity, which is kept as accumulators, and the entity's row. */
final class EntityFold implements Evolution<byte[], BusinessEvent> {
  private static final long serialVersionUID = 1L;

  /** The field of an event's row that tells when it happened. */
  static final String OCCURRED_AT = "_occurred_at";

  private static final String POSITION = "_position";

  private final EventRows events;
  private final Schema eventSchema;
  private final RunningAggregates<Row> aggregates;
  private final int revisions;
  private final Schema schema;

  /**
   * Folds events.
   *
   * @param events decodes what the aggregates need, and see {@link #eventSchema(EventRows)}
   * @param revisions the columns that take the revision
   */
  EntityFold(EventRows events, RunningAggregates<Row> aggregates, List<String> revisions) {
    this.events = events;
    this.eventSchema = eventSchema(events);
    this.aggregates = aggregates;
    this.revisions = revisions.size();
    Schema.Builder builder = Schema.builder().addFields(aggregates.schema().getFields());
    revisions.forEach(builder::addInt64Field);
    this.schema = builder.addInt64Field(POSITION).build();
  }

  /** Of the rows that are folded: the event's columns, and when it happened. */
  static Schema eventSchema(EventRows events) {
    return Schema.builder()
        .addFields(events.schema().getFields())
        .addLogicalTypeField(OCCURRED_AT, new NanosInstant())
        .build();
  }

  @Override
  public byte[] apply(byte @Nullable [] entity, BusinessEvent event) {
    List<@Nullable Object> values = new ArrayList<>(events.row(event).getValues());
    values.add(Instant.EPOCH.plus(event.occurredAt(), ChronoUnit.MICROS));
    return aggregates.add(entity, Row.withSchema(eventSchema).attachValues(values));
  }

  /** Of the rows of entities. */
  Schema schema() {
    return schema;
  }

  /** An entity's row. */
  Row row(Evolved<byte[]> evolved) {
    List<@Nullable Object> values = new ArrayList<>(aggregates.row(evolved.entity()).getValues());
    for (int i = 0; i < revisions; i++) {
      values.add(evolved.revision());
    }
    values.add(evolved.events() << 16 | Math.min(evolved.revision(), 0xFFFF));
    return Row.withSchema(schema).attachValues(values);
  }

  /**
   * Of two rows of an entity the one holds that stands for more events, and then the later
   * revision; so what a run says again from the beginning is no news.
   */
  static long position(Row row) {
    return row.getInt64(POSITION);
  }
}
