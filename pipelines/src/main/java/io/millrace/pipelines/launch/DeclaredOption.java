package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.Range;
import io.millrace.pipelines.options.ValueName;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;

/** An option as it is declared by the annotations of its getter. */
record DeclaredOption(String name, Method getter) {

  /** The option of a getter, {@code getX} or {@code isX}. */
  static DeclaredOption of(Method getter) {
    String name = getter.getName().substring(getter.getName().startsWith("is") ? 2 : 3);
    return new DeclaredOption(
        name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), getter);
  }

  static boolean isGetter(Method method) {
    return method.getParameterCount() == 0
        && method.getReturnType() != void.class
        && method.getName().matches("(get|is)[A-Z].*");
  }

  Class<?> type() {
    return getter.getReturnType();
  }

  boolean isFlag() {
    return type() == boolean.class || type() == Boolean.class;
  }

  boolean isRequired() {
    return getter.isAnnotationPresent(Validation.Required.class);
  }

  String description() {
    Description description = getter.getAnnotation(Description.class);
    return description == null ? "" : description.value();
  }

  Optional<Range> range() {
    return Optional.ofNullable(getter.getAnnotation(Range.class));
  }

  /** The option as it is written: {@code --deletes=soft|hard}. */
  String usage() {
    return isFlag() ? "--" + name : "--" + name + "=" + valueName();
  }

  private String valueName() {
    ValueName valueName = getter.getAnnotation(ValueName.class);
    if (valueName != null) {
      return valueName.value();
    }
    return type().isEnum() ? String.join("|", values()) : "N";
  }

  /** What an enumeration's option may be. */
  java.util.List<String> values() {
    return Arrays.stream(type().getEnumConstants())
        .map(value -> ((Enum<?>) value).name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toList());
  }

  /** The value where none is given. */
  Optional<String> defaultValue() {
    if (getter.isAnnotationPresent(Default.String.class)) {
      return Optional.of(getter.getAnnotation(Default.String.class).value());
    }
    if (getter.isAnnotationPresent(Default.Integer.class)) {
      return Optional.of(Integer.toString(getter.getAnnotation(Default.Integer.class).value()));
    }
    if (getter.isAnnotationPresent(Default.Enum.class)) {
      return Optional.of(getter.getAnnotation(Default.Enum.class).value().toLowerCase(Locale.ROOT));
    }
    return Optional.empty();
  }
}
