package io.millrace.schemas.contract;

/** Small contracts, for tests. */
public final class Contracts {

  /** A contract of one table {@code public.things}, keyed by {@code id}, with one more column. */
  public static TableContract withColumn(String type, String customProperties) {
    return table(
        "- {name: id, physicalType: bigint, primaryKey: true}",
        "- {name: value, physicalType: \"" + type + "\"" + customProperties + "}");
  }

  /** A contract of the table {@code public.things} with these columns, each a line of YAML. */
  public static TableContract table(String... columns) {
    return contract(columns).tables().get(0);
  }

  /** A contract of the table {@code public.things} with these columns, each a line of YAML. */
  public static Contract contract(String... columns) {
    return Contract.parse(
        """
        apiVersion: v3.0.2
        kind: DataContract
        id: test
        version: 1.0.0
        status: active
        schema:
          - name: things
            physicalName: public.things
            properties:
              %s
        """
            .formatted(String.join("\n      ", columns)),
        "test contract");
  }

  private Contracts() {}
}
