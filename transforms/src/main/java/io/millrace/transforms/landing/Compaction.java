package io.millrace.transforms.landing;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a compacted landing was made for: of the rows of these tables it has the records that make
 * them what they are, and all other records of its partitions.
 *
 * @param tables sorted by name
 * @param routes which tables of the source went to which of these, where not to those of their
 *     names
 */
public record Compaction(List<Table> tables, List<String> routes) implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * A table.
   *
   * @param name as change events tell it
   * @param key the names of its key's columns at the source, in the key's order
   * @param columns the names of all columns at the source, those of computed ones with their
   *     expressions, sorted; of those only, older values were looked for where newer records leave
   *     them open
   * @param modes the settings that decide which columns a record leaves open
   */
  public record Table(
      String name, List<String> key, List<String> columns, Map<String, String> modes)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }
}
