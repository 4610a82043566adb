package io.millrace.transforms.warehouse;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.UnknownColumns;
import io.millrace.transforms.cdc.Deletes;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where the target tables are and how they are written. It holds no secret, only the reference to
 * one, which each worker resolves for itself; so it may be serialized, shown and logged.
 *
 * <pre>{@code
 * Warehouse warehouse =
 *     Warehouse.at("jdbc:postgresql://localhost:5432/shop")
 *         .withUser("millrace")
 *         .withPassword("file:/run/secrets/warehouse");
 * }</pre>
 */
@AutoValue
public abstract class Warehouse implements Serializable, HasDisplayData {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_NAME = 63;

  abstract String url();

  abstract @Nullable String user();

  abstract @Nullable SecretReference password();

  abstract String servedSchema();

  abstract @Nullable Integer targetVersion();

  abstract Deletes deletes();

  abstract UnknownColumns unknownColumns();

  abstract boolean history();

  abstract int batchEvents();

  abstract long batchBytes();

  abstract @Nullable String source();

  abstract Builder toBuilder();

  /**
   * The warehouse at a JDBC URL, with soft deletes, unknown columns captured, tables in the schema
   * {@code public}, and batches of up to 25,000 changes or 16 MB.
   *
   * @throws IllegalArgumentException if the URL is not one of PostgreSQL, or holds a password
   */
  public static Warehouse at(String url) {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "the warehouse's URL must begin with jdbc:postgresql: (such as"
              + " jdbc:postgresql://localhost:5432/shop)");
    }
    if (holdsPassword(url)) {
      throw new IllegalArgumentException(
          "the warehouse's URL holds a password, which logs and user interfaces would show; take it"
              + " out of the URL and give the password as file:PATH or env:NAME");
    }
    return new AutoValue_Warehouse.Builder()
        .setUrl(url)
        .setServedSchema("public")
        .setDeletes(Deletes.SOFT)
        .setUnknownColumns(UnknownColumns.CAPTURE)
        .setHistory(false)
        .setBatchEvents(25_000)
        .setBatchBytes(16L << 20)
        .build();
  }

  private static boolean holdsPassword(String url) {
    int query = url.indexOf('?');
    String place = query < 0 ? url : url.substring(0, query);
    String parameters = query < 0 ? "" : url.substring(query).toLowerCase(Locale.ROOT);
    return place.contains("@") || parameters.matches(".*[?&][^=&]*(password|passwd|pwd)[^=&]*=.*");
  }

  /** The user to connect as; the driver's default if none is given. */
  public Warehouse withUser(String user) {
    return toBuilder().setUser(user).build();
  }

  /**
   * Where the password is: {@code file:PATH} or {@code env:NAME}, read on the worker that connects.
   *
   * @throws IllegalArgumentException if it is neither; the message does not repeat it
   */
  public Warehouse withPassword(String reference) {
    return toBuilder().setPassword(SecretReference.parse(reference)).build();
  }

  /**
   * The schema of the target tables, {@code public} by default.
   *
   * @throws IllegalArgumentException if the name is empty or longer than 63 bytes
   */
  public Warehouse withSchema(String schema) {
    int length = schema.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > LONGEST_NAME || schema.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "the warehouse's schema must be a name of 1 to 63 bytes, got " + length);
    }
    return checked(toBuilder().setServedSchema(schema).build());
  }

  /**
   * Writes to a version of the tables, which is in a schema of its own. The schema of {@link
   * #withSchema} has views of the version that is in service; {@link Versions} tells which.
   *
   * @param version 1 or more; null for tables in the schema itself
   * @throws IllegalArgumentException if it is less than 1, or the name of its schema is longer than
   *     63 bytes
   */
  public Warehouse withTargetVersion(@Nullable Integer version) {
    if (version != null && version < 1) {
      throw new IllegalArgumentException("the target version must be 1 or more, got " + version);
    }
    return checked(toBuilder().setTargetVersion(version).build());
  }

  private static Warehouse checked(Warehouse warehouse) {
    int length = warehouse.schema().getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "version "
              + warehouse.targetVersion()
              + " of the tables would be in the schema "
              + warehouse.schema()
              + ", whose name is longer than 63 bytes; give the warehouse a schema with a shorter"
              + " name");
    }
    return warehouse;
  }

  /** The schema that the tables are in. */
  final String schema() {
    Integer version = targetVersion();
    return version == null ? servedSchema() : Versions.schemaOf(servedSchema(), version);
  }

  /** What a delete does to a row; for the life of the tables. */
  public Warehouse withDeletes(Deletes deletes) {
    return toBuilder().setDeletes(deletes).build();
  }

  /** What happens to columns that the contract does not know. */
  public Warehouse withUnknownColumns(UnknownColumns unknownColumns) {
    return toBuilder().setUnknownColumns(unknownColumns).build();
  }

  /**
   * Whether beside each table all versions of its rows are kept (a slowly changing dimension of
   * type 2); for the life of the tables. It needs every change, so take it from {@link
   * io.millrace.transforms.cdc.MergeChanges#history()}.
   */
  public Warehouse withHistory(boolean history) {
    return toBuilder().setHistory(history).build();
  }

  /**
   * How many changes are written at once, at most.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public Warehouse withBatchEvents(int batchEvents) {
    if (batchEvents < 1) {
      throw new IllegalArgumentException("batchEvents must be 1 or more, got " + batchEvents);
    }
    return toBuilder().setBatchEvents(batchEvents).build();
  }

  /**
   * How many bytes of changes are written at once, about and at most (a single larger change is
   * written by itself).
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public Warehouse withBatchBytes(long batchBytes) {
    if (batchBytes < 1) {
      throw new IllegalArgumentException("batchBytes must be 1 or more, got " + batchBytes);
    }
    return toBuilder().setBatchBytes(batchBytes).build();
  }

  /**
   * The name of the source in {@code _millrace.progress}; the contract's id by default. Jobs that
   * write different tables of one source need names of their own, or one would claim progress for
   * the other. For a version of the tables, an {@code @} and its schema stand behind the name.
   */
  public Warehouse withSource(String source) {
    return toBuilder().setSource(source).build();
  }

  /** The name of a source in {@code _millrace.progress}: versions go on each by themselves. */
  final String progressOf(String source) {
    return targetVersion() == null ? source : source + "@" + schema();
  }

  /**
   * Opens a connection, in whose transactions nothing is committed unless told to; the caller
   * closes it. Errors of it may hold values of rows.
   *
   * @throws WarehouseException if the password cannot be read
   */
  public Connection connect() throws SQLException {
    return WarehouseSession.connect(this);
  }

  /** A name as statements have it, whatever is in it: quoted. */
  public String quote(String name) {
    return PostgresDialect.INSTANCE.quote(name);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("url", url()))
        .addIfNotNull(DisplayData.item("user", user()))
        .add(DisplayData.item("schema", schema()))
        .add(DisplayData.item("deletes", deletes().name()))
        .add(DisplayData.item("unknownColumns", unknownColumns().name()))
        .add(DisplayData.item("history", history()))
        .add(DisplayData.item("batchEvents", batchEvents()))
        .add(DisplayData.item("batchBytes", batchBytes()))
        .addIfNotNull(DisplayData.item("source", source()))
        .addIfNotNull(DisplayData.item("targetVersion", targetVersion()));
  }

  /** Where the warehouse is, and as whom it is entered. */
  @Override
  public final String toString() {
    return url() + (user() == null ? "" : " as " + user());
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setUrl(String url);

    abstract Builder setUser(@Nullable String user);

    abstract Builder setPassword(@Nullable SecretReference password);

    abstract Builder setServedSchema(String schema);

    abstract Builder setTargetVersion(@Nullable Integer version);

    abstract Builder setDeletes(Deletes deletes);

    abstract Builder setUnknownColumns(UnknownColumns unknownColumns);

    abstract Builder setHistory(boolean history);

    abstract Builder setBatchEvents(int batchEvents);

    abstract Builder setBatchBytes(long batchBytes);

    abstract Builder setSource(@Nullable String source);

    abstract Warehouse build();
  }
}
