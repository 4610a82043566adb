package io.millrace.transforms.view;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The names of a query: its tables, by their aliases, and what it uses of each. Names that are not
 * quoted may be in any case.
 */
final class QueryNames {
  private final UsedTables tables;
  private final List<String> aliases = new ArrayList<>();
  private final List<Integer> inputs = new ArrayList<>();

  /** A column of one of the query's tables. */
  record Found(int input, int index, ColumnContract column) {}

  QueryNames(UsedTables tables) {
    this.tables = tables;
  }

  /** Adds a table of the query's FROM. */
  void add(Table named) {
    Contract contract = tables.contract();
    TableContract table =
        find(
            contract.tables(),
            named.getFullyQualifiedName(),
            candidate -> List.of(candidate.physicalName(), candidate.name(), bare(candidate)));
    if (table == null) {
      throw new ViewException(
          "the query names the table "
              + named.getFullyQualifiedName()
              + ", which is no table of the source in the contract; those are "
              + contract.tables().stream()
                  .map(TableContract::physicalName)
                  .collect(Collectors.joining(", ")));
    }
    String alias = named.getAlias() == null ? named.getName() : named.getAlias().getName();
    if (aliases.stream().anyMatch(other -> matches(alias, other))) {
      throw new ViewException(
          "the query names two tables " + alias + "; give each an alias of its own");
    }
    aliases.add(unquoted(alias));
    inputs.add(tables.place(table));
  }

  private static String bare(TableContract table) {
    return table.physicalName().substring(table.physicalName().lastIndexOf('.') + 1);
  }

  /** The column that a query names; without a table's name it is one of any, if only one has it. */
  Found find(Column named) {
    List<Found> found = new ArrayList<>();
    for (int input = 0; input < inputs.size(); input++) {
      if (named.getTable() == null
          || named.getTable().getName() == null
          || matches(named.getTable().getName(), aliases.get(input))) {
        Found column = find(input, named.getColumnName());
        if (column != null) {
          found.add(column);
        }
      }
    }
    if (found.size() != 1) {
      throw new ViewException(
          "the query names the column "
              + named.getFullyQualifiedName()
              + (found.isEmpty()
                  ? ", which none of its tables has"
                  : ", which several of its tables have; write the table's alias before it"));
    }
    return found.get(0);
  }

  /** A column of an input, null if it has none of that name. */
  @Nullable Found find(int input, String name) {
    List<ColumnContract> columns = table(input).columns();
    ColumnContract column =
        find(columns, name, candidate -> List.of(candidate.physicalName(), candidate.name()));
    return column == null ? null : new Found(input, columns.indexOf(column), column);
  }

  /** The column as expressions use it; it is kept from now on. */
  ViewExpression.Column use(Found found) {
    return new ViewExpression.Column(
        found.input(),
        tables.keep(inputs.get(found.input()), found.index()),
        found.column().type());
  }

  /** The place of a column among those of its table that are compared, which it is from now on. */
  int compare(Found found) {
    return tables.compare(inputs.get(found.input()), found.index());
  }

  int count() {
    return inputs.size();
  }

  String alias(int input) {
    return aliases.get(input);
  }

  private TableContract table(int input) {
    return tables.table(inputs.get(input));
  }

  /** The table of each input, by its place in the {@link UsedTables}. */
  List<Integer> inputs() {
    return inputs;
  }

  /** The only one of this name; exactly so, or in any case if the name is not quoted. */
  static <T> @Nullable T find(List<T> all, String name, Function<T, List<String>> names) {
    for (T each : all) {
      if (names.apply(each).contains(unquoted(name))) {
        return each;
      }
    }
    List<T> found =
        all.stream()
            .filter(each -> names.apply(each).stream().anyMatch(own -> matches(name, own)))
            .toList();
    return found.size() == 1 ? found.get(0) : null;
  }

  private static boolean matches(String written, String name) {
    return written.startsWith("\"")
        ? unquoted(written).equals(unquoted(name))
        : written.toLowerCase(Locale.ROOT).equals(unquoted(name).toLowerCase(Locale.ROOT));
  }

  static String unquoted(String name) {
    return name.replace("\"", "");
  }
}
