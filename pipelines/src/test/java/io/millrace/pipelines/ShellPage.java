package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation whose commands a test carries out as a shell reads them. */
final class ShellPage {
  private static final String END = "end of block";
  private static final String TELLER =
      """
      #!/bin/sh
      for word; do echo "$word"; done >> told
      echo >> told
      """;

  private final String text;

  /** The page of this name, such as {@code kappa.md}. */
  ShellPage(String name) throws IOException {
    text = Files.readString(Path.of("..", "docs", name));
  }

  /** The blocks of a language. */
  List<String> blocks(String language) {
    List<String> blocks = new ArrayList<>();
    Matcher block = Pattern.compile("(?s)\n```" + language + "\n(.*?\n)```").matcher(text);
    while (block.find()) {
      blocks.add(block.group(1));
    }
    return blocks;
  }

  /** The first block of YAML, changed as the blocks of differences say. */
  String changedYaml() {
    String yaml = blocks("yaml").get(0);
    for (String difference : blocks("diff")) {
      String before = difference.replaceAll("(?m)^\\+.*\n", "").replaceAll("(?m)^[ -]", "");
      String after = difference.replaceAll("(?m)^-.*\n", "").replaceAll("(?m)^[ +]", "");
      assertThat(before, yaml.contains(before), is(true));
      yaml = yaml.replace(before, after);
    }
    return yaml;
  }

  /**
   * The words of each command {@code ./millrace} of each block of shell, without that word.
   *
   * @param directory an empty one, in which a shell runs the blocks with a program of that name
   *     that only tells what it was given
   */
  List<List<List<String>>> commands(Path directory) throws IOException, InterruptedException {
    Path told = directory.resolve("told");
    Path program = Files.writeString(directory.resolve("millrace"), TELLER);
    assertThat(program.toFile().setExecutable(true), is(true));
    String script = String.join("./millrace '" + END + "'\n", blocks("sh"));
    Process shell =
        new ProcessBuilder("sh", "-eu", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output, shell.waitFor(), is(0));
    List<List<List<String>>> blocks = new ArrayList<>();
    blocks.add(new ArrayList<>());
    List<String> command = new ArrayList<>();
    for (String word : Files.readAllLines(told)) {
      if (!word.isEmpty()) {
        command.add(word);
      } else if (command.get(0).equals(END)) {
        blocks.add(new ArrayList<>());
        command = new ArrayList<>();
      } else {
        blocks.get(blocks.size() - 1).add(command);
        command = new ArrayList<>();
      }
    }
    return blocks;
  }
}
