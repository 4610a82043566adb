package io.millrace.transforms.view;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes a plan of a view's query. */
final class ViewQuery {
  private final TableContract view;
  private final PlainSelect select;
  private final QueryNames names;

  private ViewQuery(TableContract view, PlainSelect select, UsedTables tables) {
    this.view = view;
    this.select = select;
    this.names = new QueryNames(tables);
  }

  /**
   * Plans a query.
   *
   * @param view with a column for each that the query selects
   * @param tables those that the query may name; what it uses of them is added
   * @throws ViewException if it is no query of a view
   */
  static ViewPlan plan(String query, TableContract view, UsedTables tables) {
    try {
      List<Statement> statements = CCJSqlParserUtil.parseStatements(query);
      if (statements.size() != 1 || !(statements.get(0) instanceof PlainSelect select)) {
        throw new ViewException("a view's query is one SELECT, without UNION or WITH");
      }
      return new ViewQuery(view, select, tables).plan();
    } catch (JSQLParserException e) {
      throw new ViewException("the view's query is no SQL: " + place(e), e);
    }
  }

  /** What the parser found where, in a line, without all that it would have taken instead. */
  private static String place(JSQLParserException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .map(String::strip)
        .takeWhile(line -> !line.startsWith("Was expecting"))
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private ViewPlan plan() {
    checkView();
    refuseOthers();
    ArrayList<ViewPlan.Join> joins = new ArrayList<>();
    names.add(table(select.getFromItem()));
    for (Join join : select.getJoins() == null ? List.<Join>of() : select.getJoins()) {
      names.add(table(join.getFromItem()));
      joins.add(QueryJoin.plan(join, names));
    }
    ViewExpression where =
        select.getWhere() == null ? null : QueryExpressions.translate(select.getWhere(), names);
    boolean isAggregated =
        select.getGroupBy() != null
            || select.getSelectItems().stream().anyMatch(item -> isAggregate(item.getExpression()));
    List<ViewPlan.Output> outputs = outputs();
    if (isAggregated) {
      checkGroups(outputs);
    }
    return new ViewPlan(
        view,
        new ArrayList<>(names.inputs()),
        joins,
        where,
        new ArrayList<>(outputs),
        isAggregated);
  }

  private void checkView() {
    if (view.withoutKey().isPresent()) {
      throw new ViewException(
          "it has the custom property withoutKey; mark the columns that identify a row with"
              + " primaryKey: true instead");
    }
    for (ColumnContract column : view.columns()) {
      if (Set.of(JoinTables.REVISION, JoinTables.DELETED).contains(column.physicalName())) {
        throw new ViewException(
            "the physicalName of its column "
                + column.name()
                + " is "
                + column.physicalName()
                + ", which belongs to Millrace; leave physicalName out");
      }
    }
  }

  private void refuseOthers() {
    Map<String, @Nullable Object> others = new LinkedHashMap<>();
    others.put("DISTINCT", select.getDistinct());
    others.put("HAVING", select.getHaving());
    others.put("ORDER BY", select.getOrderByElements());
    others.put("LIMIT", select.getLimit());
    others.put("OFFSET", select.getOffset());
    others.put("FETCH", select.getFetch());
    others.put("WITH", select.getWithItemsList());
    others.put("WINDOW", select.getWindowDefinitions());
    others.forEach(
        (clause, given) -> {
          if (given != null) {
            throw new ViewException(
                "a view's query has "
                    + clause
                    + ", which views cannot follow; leave it to those who read the view");
          }
        });
    PlainSelect followed = new PlainSelect();
    followed.setSelectItems(select.getSelectItems());
    followed.setFromItem(select.getFromItem());
    followed.setJoins(select.getJoins());
    followed.setWhere(select.getWhere());
    followed.setGroupByElement(select.getGroupBy());
    if (!followed.toString().equals(select.toString())) {
      throw new ViewException(
          "a view's query has SELECT, FROM, JOIN, WHERE and GROUP BY, and this one has more: "
              + select);
    }
  }

  private static Table table(@Nullable FromItem item) {
    if (item instanceof Table table && isPlain(table)) {
      return table;
    }
    if (item == null) {
      throw new ViewException("the query has no FROM; views read from tables of the contract");
    }
    throw new ViewException(
        "the query reads from " + item + "; views read from tables of the contract only");
  }

  /** Without samples, hints and the like. */
  private static boolean isPlain(Table table) {
    String alias = table.getAlias() == null ? "" : table.getAlias().toString();
    return table.toString().equals(table.getFullyQualifiedName() + alias);
  }

  private List<ViewPlan.Output> outputs() {
    Map<String, Expression> selected = new LinkedHashMap<>();
    for (SelectItem<?> item : select.getSelectItems()) {
      if (selected.put(name(item), item.getExpression()) != null) {
        throw new ViewException("the query selects " + name(item) + " twice");
      }
    }
    List<ViewPlan.Output> outputs = new ArrayList<>();
    Set<String> wanted = new TreeSet<>();
    for (ColumnContract column : view.columns()) {
      Expression value = selected.get(column.name());
      if (value == null) {
        throw new ViewException(
            "the query does not select "
                + column.name()
                + ", which the view has as a column; it selects "
                + String.join(", ", selected.keySet()));
      }
      wanted.add(column.name());
      outputs.add(output(column, value));
    }
    selected.keySet().removeAll(wanted);
    if (!selected.isEmpty()) {
      throw new ViewException(
          "the query selects "
              + String.join(", ", selected.keySet())
              + ", which the view does not have as a column; add it to the contract");
    }
    return outputs;
  }

  /** The column of the view that it is, by the name in its contract; else what it is called. */
  private String name(SelectItem<?> item) {
    if (item.getAlias() != null) {
      return name(item.getAlias().getName());
    }
    if (item.getExpression() instanceof Column column) {
      return name(column.getColumnName());
    }
    throw new ViewException(
        item.getExpression() instanceof AllColumns
            ? "the query selects *; name the columns of the view"
            : "the query selects " + item + "; say AS what");
  }

  private String name(String written) {
    ColumnContract column =
        QueryNames.find(view.columns(), written, candidate -> List.of(candidate.name()));
    return column == null ? QueryNames.unquoted(written) : column.name();
  }

  private ViewPlan.Output output(ColumnContract column, Expression value) {
    if (!isAggregate(value)) {
      return new ViewPlan.Output(column, null, QueryExpressions.translate(value, names));
    }
    Function function = (Function) value;
    ViewAggregate aggregate = ViewAggregate.of(function.getName()).orElseThrow();
    List<? extends Expression> arguments =
        function.getParameters() == null ? List.of() : function.getParameters();
    boolean isCount = aggregate == ViewAggregate.COUNT;
    if (isCount && !arguments.isEmpty() && arguments.get(0).getClass() == AllColumns.class) {
      return new ViewPlan.Output(column, ViewAggregate.ROWS, null);
    }
    if (arguments.size() != 1
        || arguments.get(0) instanceof AllColumns
        || (function.isDistinct() && !isCount)) {
      throw new ViewException(
          "the query has "
              + value
              + "; aggregates are count(*), count, count(DISTINCT ...), sum, avg, min and max, each"
              + " of one value");
    }
    if (column.type().element() != null) {
      throw new ViewException(
          "the query has "
              + value
              + " AS "
              + column.name()
              + ", an array; aggregates are not made of arrays");
    }
    return new ViewPlan.Output(
        column,
        function.isDistinct() ? ViewAggregate.DISTINCT : aggregate,
        QueryExpressions.translate(arguments.get(0), names));
  }

  private static boolean isAggregate(Expression value) {
    return value instanceof Function function && ViewAggregate.of(function.getName()).isPresent();
  }

  /** A group is a row, so the key is what is grouped by. */
  private void checkGroups(List<ViewPlan.Output> outputs) {
    Set<String> selected = new TreeSet<>();
    Set<String> keys = new TreeSet<>();
    for (ViewPlan.Output output : outputs) {
      if (output.aggregate() == null) {
        selected.add(output.value().toString());
      }
      if (output.column().isKey()) {
        keys.add(output.value() == null ? "" : output.value().toString());
      }
    }
    Set<String> groups = new TreeSet<>();
    if (select.getGroupBy() != null) {
      if (!select.getGroupBy().getGroupingSets().isEmpty()) {
        throw new ViewException("the query has " + select.getGroupBy() + "; name columns instead");
      }
      for (Object grouped : select.getGroupBy().getGroupByExpressionList()) {
        groups.add(QueryExpressions.translate((Expression) grouped, names).toString());
      }
    }
    if (!groups.equals(selected) || !groups.equals(keys)) {
      throw new ViewException(
          "the query aggregates; then what it selects beside aggregates, what it has in GROUP BY,"
              + " and the view's key are the same columns, and at least one");
    }
  }
}
