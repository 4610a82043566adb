package io.millrace.transforms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation, whose examples a test runs. */
public final class DocsPage {
  private final String text;

  private DocsPage(String text) {
    this.text = text;
  }

  /** The page of this name, such as {@code sketches.md}. */
  public static DocsPage named(String name) {
    return new DocsPage(read(Path.of("..", "docs", name)));
  }

  /** The blocks of a language. */
  public List<String> blocks(String language) {
    List<String> blocks = new ArrayList<>();
    Matcher block = Pattern.compile("(?s)\n```" + language + "\n(.*?)\n```").matcher(text);
    while (block.find()) {
      blocks.add(block.group(1));
    }
    return blocks;
  }

  /** The blocks of Java that are not, apart from blanks, part of a test's source. */
  public List<String> javaThatIsNotIn(Class<?> test) {
    Path file = Path.of("src/test/java", test.getName().replace('.', '/') + ".java");
    String source = withoutBlanks(read(file));
    return blocks("java").stream().filter(block -> !source.contains(withoutBlanks(block))).toList();
  }

  private static String withoutBlanks(String code) {
    return code.replaceAll("\\s", "");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
