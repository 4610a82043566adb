package io.millrace.testdata.events;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class GenerateCommandIT {
  private static final Pattern LINE = Pattern.compile("\"line\":(\\d+)");
  private static final Pattern LSN = Pattern.compile("\"lsn\":(\\d+)");
  private static final Pattern COMMIT = Pattern.compile("\"sequence\":\"\\[\\\\\"(\\d+)");
  private static LocalPostgres postgres;
  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("postgres");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--format=debezium", "--records", "--format=changes"})
  void aReplayOfTheLinesGivesTheAnswerAndOneOtherValueShows(String format) throws Exception {
    Path file = generate("a.jsonl", format, "--shuffle", "--duplicates=0.2");
    Database warehouse = postgres.database("w" + format.replaceAll("[^a-z]", ""));
    LiveTables.load(warehouse, Replay.of(Files.readAllLines(file)));

    assertThat(check(file, warehouse), containsString("equal"));
    assertThat(check(file, warehouse), not(containsString("DIFFERENT")));

    String least = "(SELECT min(id) FROM accounts_live)";
    LiveTables.execute(
        warehouse, "UPDATE accounts_live SET balance = balance + 0.01 WHERE id = " + least);
    String most = "(SELECT max(number) FROM transfers_live)";
    LiveTables.execute(warehouse, "DELETE FROM transfers_live WHERE number = " + most);
    assertThat(
        check(file, warehouse),
        allOf(
            containsString("]: balance should be"),
            containsString("] is missing"),
            containsString("DIFFERENT")));
  }

  @Test
  void seedAndOptionsDecideEveryByteAndTheOrderChangesNoAnswer() throws Exception {
    Path first = generate("first.jsonl");
    Path again = generate("again.jsonl");
    Path other = generate("other.jsonl", "--order-seed=7", "--shuffle", "--broken=0.1");
    Path different = generate("different.jsonl", "--seed=7");

    assertThat(Files.mismatch(first, again), is(-1L));
    assertThat(Files.mismatch(first, other), greaterThanOrEqualTo(0L));
    assertThat(Files.mismatch(answer(first), answer(other)), is(-1L));
    assertThat(Files.mismatch(answer(first), answer(different)), greaterThanOrEqualTo(0L));
  }

  @Test
  void everythingThatMakesMergingHardIsInTheLines() throws Exception {
    List<String> lines = Files.readAllLines(generate("hard.jsonl"));
    Set<String> distinct = new HashSet<>(lines);

    assertThat(distinct, hasSize(3_000));
    assertThat("duplicates", lines.size(), greaterThan(3_000));
    assertThat("snapshot first", lines.get(0), containsString("\"op\":\"r\""));
    assertThat("disorder", commits(lines), is(not(sorted(commits(lines)))));
    assertThat(count(lines, "__debezium_unavailable_value"), greaterThan(100L));
    assertThat("absent", count(lines, "\"op\":\"u\"") - count(lines, "\"email\""), greaterThan(0L));
    assertThat("key updates", count(lines, "\"before\":\\{.*\"after\":\\{"), greaterThan(5L));
    assertThat("key changes in two events", keyChangesInTwo(distinct), greaterThan(5L));
    assertThat("row LSNs go back", lsnsGoBack(lines), greaterThan(5L));
  }

  @Test
  void listsEachBrokenLineByNumberAndKind() throws Exception {
    Path file = generate("broken.jsonl.gz", "--broken=0.02", "--shuffle");
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    }
    List<String> listed = Files.readAllLines(Path.of(answer(file) + ".broken"));
    assertThat(kinds(listed), hasSize(Flaw.values().length - 1));
    assertThat(
        texts(lines, listed, "missing_operation"), everyItem(not(containsString("\"op\":"))));
    assertThat(texts(lines, listed, "not_an_object"), everyItem(containsString("[\"an array\"")));
    assertThat(texts(lines, listed, "nul_character"), everyItem(containsString("\\u0000")));
    assertThat(texts(lines, listed, "invalid_utf8"), everyItem(containsString("\ufffd")));
    assertThat(texts(lines, listed, "null_key"), everyItem(containsString("\"id\":null")));
    Set<Long> broken = listed.stream().map(line -> number(line, LINE)).collect(Collectors.toSet());
    Set<String> good = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!broken.contains(i + 1L)) {
        good.add(lines.get(i));
      }
    }
    assertThat(good, is(Set.copyOf(Files.readAllLines(generate("good.jsonl")))));
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThat(
        new CommandLine(new GenerateCommand())
            .setErr(new PrintWriter(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
            .execute("--out=" + directory.resolve("no"), "--displaced=2"),
        is(2));
  }

  private Path generate(String name, String... options) {
    Path file = directory.resolve(name);
    List<String> arguments =
        new ArrayList<>(List.of("--events=3000", "--keys=300", "--out=" + file));
    arguments.addAll(List.of(options));
    int exitCode = new CommandLine(new GenerateCommand()).execute(arguments.toArray(new String[0]));
    assertThat(exitCode, is(0));
    return file;
  }

  private static Path answer(Path file) {
    return Path.of(file + ".answer.jsonl");
  }

  private static String check(Path file, Database warehouse) throws IOException {
    Path password = file.resolveSibling("password");
    Files.writeString(password, warehouse.password() + "\n");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    int exitCode;
    try {
      exitCode =
          new CommandLine(new CheckCommand())
              .execute(
                  "--answer=" + answer(file),
                  "--warehouseUrl=" + warehouse.jdbcUrl(),
                  "--warehousePassword=file:" + password);
    } finally {
      System.setOut(standard);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text, exitCode, is(text.contains("DIFFERENT") ? 1 : 0));
    return text;
  }

  private static long count(List<String> lines, String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return lines.stream().filter(line -> compiled.matcher(line).find()).count();
  }

  private static List<Long> commits(List<String> lines) {
    return lines.stream().map(line -> number(line, COMMIT)).toList();
  }

  private static List<Long> sorted(List<Long> numbers) {
    return numbers.stream().sorted().toList();
  }

  private static long keyChangesInTwo(Set<String> lines) {
    Set<Long> deleted = new HashSet<>();
    lines.stream()
        .filter(line -> line.contains("\"op\":\"d\""))
        .forEach(line -> deleted.add(number(line, LSN)));
    return lines.stream()
        .filter(line -> line.contains("\"op\":\"c\""))
        .filter(line -> deleted.contains(number(line, LSN)))
        .count();
  }

  /** Changes whose row was written before the last commit. */
  private static long lsnsGoBack(List<String> lines) {
    return lines.stream().filter(line -> number(line, LSN) < number(line, COMMIT)).count();
  }

  private static long number(String line, Pattern pattern) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private static Set<String> kinds(List<String> listed) {
    return listed.stream()
        .map(line -> line.substring(line.indexOf("kind")))
        .collect(Collectors.toSet());
  }

  private static List<String> texts(List<String> lines, List<String> listed, String kind) {
    return listed.stream()
        .filter(line -> line.contains(kind))
        .map(line -> lines.get((int) number(line, LINE) - 1))
        .toList();
  }
}
