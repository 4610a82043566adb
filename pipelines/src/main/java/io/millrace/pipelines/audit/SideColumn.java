package io.millrace.pipelines.audit;

import java.util.Set;

/**
 * A column as one side has it.
 *
 * @param name its name there
 * @param type its type's bare name there, such as {@code int4} or {@code _text}; of a domain, its
 *     base type
 * @param inByteOrder whether the database sorts its texts by their bytes
 */
record SideColumn(String name, String type, boolean inByteOrder) {
  private static final Set<String> WHOLE = Set.of("int2", "int4", "int8");
  private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "char", "citext");

  boolean isWhole() {
    return WHOLE.contains(type);
  }

  boolean isText() {
    return TEXTS.contains(type);
  }

  boolean isArray() {
    return type.startsWith("_");
  }
}
