package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** A command's arguments, checked against what its options declare. */
final class Arguments {
  private final Map<String, DeclaredOption> declared;
  private final String command;
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  /**
   * Reads {@code --name=value} and {@code --flag}.
   *
   * @throws LaunchException if an argument is not of this form, not an option of the command, given
   *     twice, or not a value that the option takes
   */
  static Arguments parse(
      String command, List<String> arguments, Map<String, DeclaredOption> declared) {
    Arguments parsed = new Arguments(command, declared);
    arguments.forEach(parsed::add);
    return parsed;
  }

  private Arguments(String command, Map<String, DeclaredOption> declared) {
    this.command = command;
    this.declared = declared;
  }

  private void add(String argument) {
    if (!argument.startsWith("--")) {
      throw LaunchException.input(
          "'" + argument + "' is not an option; options are written --name=value");
    }
    int equals = argument.indexOf('=');
    String name = argument.substring(2, equals < 0 ? argument.length() : equals);
    DeclaredOption option = declared.get(name);
    if (option == null) {
      throw unknown(name);
    }
    if (equals < 0 && !option.isFlag()) {
      throw LaunchException.input("--" + name + " needs a value: " + option.usage());
    }
    String value = equals < 0 ? "true" : argument.substring(equals + 1);
    List<String> given = values.computeIfAbsent(name, key -> new ArrayList<>());
    if (!given.isEmpty() && !Collection.class.isAssignableFrom(option.type())) {
      throw LaunchException.input("--" + name + " is given twice");
    }
    given.add(checked(option, value));
  }

  private LaunchException unknown(String name) {
    String remedy =
        NearestName.of(name, declared.keySet())
            .map(near -> "did you mean --" + near + "?")
            .orElse("'help " + command + "' lists its options");
    return LaunchException.input("--" + name + " is not an option of " + command + "; " + remedy);
  }

  private static String checked(DeclaredOption option, String value) {
    if (option.type().isEnum()) {
      if (!option.values().contains(value.toLowerCase(Locale.ROOT))) {
        throw wrong(option, String.join(" or ", option.values()), value);
      }
      return value.toUpperCase(Locale.ROOT);
    }
    if (option.isFlag() && !Set.of("true", "false").contains(value.toLowerCase(Locale.ROOT))) {
      throw wrong(option, "true or false", value);
    }
    if (option.type() == int.class || option.type() == Integer.class) {
      checkNumber(option, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (option.type() == long.class || option.type() == Long.class) {
      checkNumber(option, value, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (option.type() == String.class && value.isBlank()) {
      throw LaunchException.input("--" + option.name() + " is empty");
    }
    return value;
  }

  private static void checkNumber(DeclaredOption option, String value, long least, long most) {
    Optional<Range> range = option.range();
    long from = range.map(Range::from).orElse(least);
    long to = range.map(Range::to).orElse(most);
    try {
      long number = Long.parseLong(value);
      if (number >= from && number <= to) {
        return;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong(
        option, String.format(Locale.ROOT, "a whole number from %,d to %,d", from, to), value);
  }

  private static LaunchException wrong(DeclaredOption option, String expected, String value) {
    return LaunchException.input(
        "--" + option.name() + " must be " + expected + ", got '" + value + "'");
  }

  /** Whether the user gave the option. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  /** Takes an option out, so that {@link #as} leaves it alone. */
  Optional<String> take(String name) {
    return Optional.ofNullable(values.remove(name)).map(given -> given.get(0));
  }

  /**
   * The options as Beam sees them.
   *
   * @throws LaunchException if a required one is missing, or a runner's own has a wrong value
   */
  <O extends PipelineOptions> O as(Class<O> type) {
    List<String> missing =
        DeclaredOptions.groups(type).stream()
            .flatMap(group -> group.options().stream())
            .filter(option -> option.isRequired() && !has(option.name()))
            .map(DeclaredOption::usage)
            .toList();
    if (!missing.isEmpty()) {
      throw LaunchException.input(
          command
              + " also needs "
              + String.join(" and ", missing)
              + "; see 'help "
              + command
              + "'");
    }
    List<String> arguments = new ArrayList<>();
    values.forEach((name, given) -> given.forEach(v -> arguments.add("--" + name + "=" + v)));
    try {
      return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0])).as(type);
    } catch (IllegalArgumentException e) {
      throw LaunchException.input(e.getMessage(), e);
    }
  }
}
