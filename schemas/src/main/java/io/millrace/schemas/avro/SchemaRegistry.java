package io.millrace.schemas.avro;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where the schemas are of records that name them by a number only. */
public interface SchemaRegistry extends Serializable {
  /** A registry that can be asked, by one thread at a time. */
  Schemas open();

  /** Answers for a registry. */
  interface Schemas {
    /**
     * The Avro schema that has the number, as JSON; null if the registry has none.
     *
     * @throws SchemaRegistryException if the registry cannot be asked
     */
    @Nullable String find(long id);
  }
}
