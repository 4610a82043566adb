package io.millrace.pipelines.launch;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** The options that interfaces declare. */
final class DeclaredOptions {

  /** Options of one concern. */
  record Group(String title, List<DeclaredOption> options) {}

  /**
   * A command's own options: a group for each described interface that it is composed of, in their
   * order; the required first in each.
   */
  static List<Group> groups(Class<? extends PipelineOptions> composed) {
    List<Group> groups = new ArrayList<>();
    addGroups(composed, groups);
    return groups;
  }

  private static void addGroups(Class<?> type, List<Group> groups) {
    Description title = type.getAnnotation(Description.class);
    List<DeclaredOption> own =
        Arrays.stream(type.getDeclaredMethods())
            .filter(DeclaredOption::isGetter)
            .map(DeclaredOption::of)
            .sorted(
                Comparator.comparing((DeclaredOption option) -> !option.isRequired())
                    .thenComparing(DeclaredOption::name))
            .toList();
    if (title != null && !own.isEmpty()) {
      groups.add(new Group(title.value(), own));
    }
    for (Class<?> part : type.getInterfaces()) {
      if (part != PipelineOptions.class && PipelineOptions.class.isAssignableFrom(part)) {
        addGroups(part, groups);
      }
    }
  }

  /** Every option that a command takes on a runner, with Beam's and the runner's own, by name. */
  static Map<String, DeclaredOption> all(
      Class<? extends PipelineOptions> command, Class<? extends PipelineOptions> runner) {
    List<Class<?>> types = new ArrayList<>(PipelineOptionsFactory.getRegisteredOptions());
    types.add(runner);
    types.add(command);
    Map<String, DeclaredOption> options = new TreeMap<>();
    for (Class<?> type : types) {
      for (Method method : type.getMethods()) {
        if (DeclaredOption.isGetter(method) && method.getDeclaringClass() != Object.class) {
          DeclaredOption option = DeclaredOption.of(method);
          options.put(option.name(), option);
        }
      }
    }
    return new LinkedHashMap<>(options);
  }

  private DeclaredOptions() {}
}
