package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Sends the rows of some of the source's tables to a table of the contract: {@code
 * shop_\d+\.orders:orders}. As in Flink CDC's routes, a regular expression matches whole names
 * {@code schema.table}, {@code $1} in the target stands for what its first group matched, and a
 * table that several routes match goes to each of their targets.
 *
 * @see <a href="https://nightlies.apache.org/flink/flink-cdc-docs-stable/docs/core-concept/route/">
 *     Flink CDC: route</a>
 */
@AutoValue
public abstract class Route implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern GROUP = Pattern.compile("\\$(\\d)");

  /** The regular expression that whole names of tables at the source match. */
  abstract String source();

  /** The name of a table of the contract; {@code $1} to {@code $9} stand for groups. */
  abstract String target();

  /**
   * Reads a route; the last colon divides it, since regular expressions have colons, too.
   *
   * @throws ContractException if it is not of the form {@code REGEX:TABLE}, or the expression is
   *     none, or has no such group
   */
  public static Route parse(String route) {
    int colon = route.lastIndexOf(':');
    String source = colon < 0 ? "" : route.substring(0, colon).strip();
    String target = route.substring(colon + 1).strip();
    if (source.isEmpty() || target.isEmpty()) {
      throw new ContractException(
          "route '"
              + route
              + "' is not of the form REGEX:TABLE, such as shop_\\d+\\.orders:orders");
    }
    Route parsed = new AutoValue_Route(source, target);
    parsed.check();
    return parsed;
  }

  private void check() {
    int groups;
    try {
      groups = Pattern.compile(source()).matcher("").groupCount();
    } catch (PatternSyntaxException e) {
      throw new ContractException(
          "route " + this + ": '" + source() + "' is no regular expression: " + e.getDescription(),
          e);
    }
    Matcher named = GROUP.matcher(target());
    while (named.find()) {
      if (Integer.parseInt(named.group(1)) > groups) {
        throw new ContractException(
            "route " + this + ": the expression has no group for " + named.group());
      }
    }
  }

  /** The target of a table's rows, if the route is for it. */
  final Optional<String> targetOf(String table) {
    Matcher matcher = Pattern.compile(source()).matcher(table);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        GROUP
            .matcher(target())
            .replaceAll(
                named -> {
                  String group = matcher.group(Integer.parseInt(named.group(1)));
                  return Matcher.quoteReplacement(group == null ? "" : group);
                }));
  }

  /** Whether the target depends on the source's table. */
  final boolean hasOpenTarget() {
    return GROUP.matcher(target()).find();
  }

  /** Whether more than one table may match. */
  final boolean isPattern() {
    return !source().matches("(\\w|\\\\?\\.|-)+");
  }

  final Route withAffixes(String prefix, String suffix) {
    return new AutoValue_Route(source(), prefix + target() + suffix);
  }

  @Override
  public final String toString() {
    return source() + ":" + target();
  }
}
