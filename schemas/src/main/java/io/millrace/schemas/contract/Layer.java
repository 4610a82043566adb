package io.millrace.schemas.contract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How far a table is from what was received: each layer is made of those before it. */
public enum Layer {
  /** Records as they were received, parsed and typed. */
  BRONZE,
  /** Entities: one row each, current, and their history. */
  SILVER,
  /** What is computed of entities and events. */
  GOLD;

  /** The custom property of a table that names its layer. */
  static final String PROPERTY = "layer";

  /** The custom property of a table that names the tables it is made of. */
  static final String READS = "reads";

  /** As contracts write it. */
  public String property() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Layer> of(String property) {
    return Arrays.stream(values()).filter(layer -> layer.property().equals(property)).findFirst();
  }

  static String known() {
    return Arrays.stream(values()).map(Layer::property).collect(Collectors.joining(", "));
  }

  /** The layer that a table is in, which its kind tells where it does not. */
  static Layer of(TableContract table) {
    String property = table.customProperties().get(PROPERTY);
    if (property != null) {
      return of(property).orElse(SILVER);
    }
    if (EventContract.isEvent(table.customProperties())) {
      return BRONZE;
    }
    return table
        .derived()
        .map(
            derived ->
                switch (derived.kind()) {
                  case ENTITY -> SILVER;
                  case SUMMARY, ALERTS, VIEW -> GOLD;
                })
        .orElse(SILVER);
  }
}
