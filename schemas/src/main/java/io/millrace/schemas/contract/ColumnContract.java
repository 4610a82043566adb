package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** One column (an ODCS property) of a table. */
@AutoValue
public abstract class ColumnContract implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The column's name in the target. */
  public abstract String name();

  /** The column's name in the source's events; by default the {@link #name()}. */
  public abstract String physicalName();

  public abstract ColumnType type();

  /** The column's place in the table's key, from 1; 0 if it is not part of it. */
  public abstract int keyPosition();

  /**
   * Whether the source always gives a value. The target's column may be null all the same; what
   * becomes of a row without one {@linkplain TableContract#quarantinesWithoutRequired() the table
   * says}.
   */
  public abstract boolean required();

  /**
   * Whether the column holds personal data: tagged {@code personal}, or classified above public.
   */
  public abstract boolean personal();

  /** The contract's {@code customProperties} of this column. */
  public abstract Map<String, String> customProperties();

  /**
   * The {@link io.millrace.schemas.expression.RowExpression} over the row's columns (by their names
   * at the source) that gives the column's value; null for a column of the source.
   */
  public abstract @Nullable String transformLogic();

  /** What of the event gives the column's value; null for a column of the source. */
  public abstract @Nullable Metadata metadata();

  /** Whether the column is no column of the source: it is computed, or told by the event. */
  public final boolean isDerived() {
    return transformLogic() != null || metadata() != null;
  }

  public final boolean isKey() {
    return keyPosition() > 0;
  }

  static Builder builder() {
    return new AutoValue_ColumnContract.Builder();
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setName(String name);

    abstract Builder setPhysicalName(String physicalName);

    abstract Builder setType(ColumnType type);

    abstract Builder setKeyPosition(int keyPosition);

    abstract Builder setRequired(boolean required);

    abstract Builder setPersonal(boolean personal);

    abstract Builder setCustomProperties(Map<String, String> customProperties);

    abstract Builder setTransformLogic(@Nullable String expression);

    abstract Builder setMetadata(@Nullable Metadata metadata);

    abstract ColumnContract build();
  }
}
