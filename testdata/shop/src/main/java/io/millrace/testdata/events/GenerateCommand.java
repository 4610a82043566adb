package io.millrace.testdata.events;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code generate}: writes a file of change events and its right answer. */
@Command(
    name = "generate",
    description = {
      "Writes a file of change events of two tables, accounts and transfers, the rows that are"
          + " right in the end, and the tables' contract.",
      "There are inserts, updates, deletes, changes of keys, columns left out because they did not"
          + " change, transactions that write early and commit late. Seed and options decide every"
          + " byte. Compare a warehouse with the answer by the command 'check'."
    })
public final class GenerateCommand implements Callable<Integer> {
  enum Format {
    debezium,
    changes
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "changes, before duplicates (default: ${DEFAULT-VALUE})")
  private long events;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "the events, a line each; compressed if the name ends in .gz")
  private Path out;

  @Option(
      names = "--answer",
      paramLabel = "FILE",
      description = "the right rows (default: OUT.answer.jsonl)")
  private Path answer;

  @Option(
      names = "--contract",
      paramLabel = "FILE",
      description = "the tables' data contract (default: OUT.odcs.yaml)")
  private Path contract;

  @Option(
      names = "--format",
      defaultValue = "debezium",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Format format;

  @Option(
      names = "--records",
      description =
          "debezium only: each line is a whole record, with key, value, topic, partition and"
              + " offset; deletes are followed by tombstones")
  private boolean records;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "200000",
      description = "rows alive at any time, about (default: ${DEFAULT-VALUE})")
  private long keys;

  @Option(
      names = "--skew",
      paramLabel = "S",
      defaultValue = "0.8",
      description =
          "how much some rows are changed more than others: the exponent of Zipf's law, 0 for none"
              + " (default: ${DEFAULT-VALUE})")
  private double skew;

  @Option(
      names = "--displaced",
      paramLabel = "P",
      defaultValue = "0.05",
      description = "part of the lines that come late, 0 to 1 (default: ${DEFAULT-VALUE})")
  private double displaced;

  @Option(
      names = "--displacement",
      paramLabel = "N",
      defaultValue = "1000",
      description = "how many lines late at most (default: ${DEFAULT-VALUE})")
  private int displacement;

  @Option(
      names = "--duplicates",
      paramLabel = "P",
      defaultValue = "0.01",
      description = "part of the lines that come twice, 0 to 1 (default: ${DEFAULT-VALUE})")
  private double duplicates;

  @Option(
      names = "--broken",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "part of the lines that are broken, in 13 ways, 0 to 0.5; they come on top, and"
              + " ANSWER.broken lists their numbers and kinds (default: ${DEFAULT-VALUE})")
  private double broken;

  @Option(names = "--shuffle", description = "put all lines in random order")
  private boolean shuffle;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "decides the changes (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--order-seed",
      paramLabel = "N",
      defaultValue = "42",
      description =
          "decides disorder, duplicates and shuffle: the changes and the answer stay the same"
              + " (default: ${DEFAULT-VALUE})")
  private long orderSeed;

  @Override
  public Integer call() throws IOException {
    check();
    Path answerFile = answer == null ? beside("answer.jsonl") : answer;
    Path contractFile = contract == null ? beside("odcs.yaml") : contract;
    long begin = System.nanoTime();
    LineFile file = new LineFile(out);
    Line.Output lines = file;
    if (shuffle) {
      lines = new Shuffle(orderSeed, events, beside("shuffle"), lines);
    }
    lines = new Disorder(orderSeed, displaced, displacement, duplicates, lines);
    LineFormat lineFormat =
        switch (format) {
          case debezium -> new DebeziumLines(records);
          case changes -> new NeutralLines();
        };
    Flaws flaws = new Flaws(seed, broken);
    Line.Output output = lines;
    ChangeLog log =
        new ChangeLog(
            seed,
            events,
            keys,
            skew,
            lineFormat.hasKeyUpdates(),
            change -> {
              lineFormat.write(change, Flaw.NONE, output);
              flaws.after(change, lineFormat, output);
            });
    try (output) {
      log.run();
    }
    long rows = AnswerFile.write(answerFile, log::live);
    Files.writeString(contractFile, Bank.contract());
    System.out.printf(
        "%,d changes in %,d lines, %,d MB, in %.1f s: %s%n",
        events, file.lines(), file.bytes() >> 20, (System.nanoTime() - begin) / 1e9, out);
    System.out.printf("%,d rows are right in the end: %s%n", rows, answerFile);
    if (broken > 0) {
      Path brokenFile = Path.of(answerFile + ".broken");
      file.writeBroken(brokenFile);
      System.out.printf("%,d lines are broken: %s%n", file.brokenLines(), brokenFile);
    }
    System.out.printf("contract: %s%n", contractFile);
    return 0;
  }

  private Path beside(String ending) {
    return Path.of(out + "." + ending);
  }

  private void check() {
    require(events >= 100, "--events must be 100 or more");
    require(keys >= 8, "--keys must be 8 or more");
    require(skew >= 0 && skew <= 3, "--skew must be from 0 to 3");
    require(displaced >= 0 && displaced <= 1, "--displaced must be from 0 to 1");
    require(duplicates >= 0 && duplicates <= 1, "--duplicates must be from 0 to 1");
    require(displacement >= 1, "--displacement must be 1 or more");
    require(broken >= 0 && broken <= 0.5, "--broken must be from 0 to 0.5");
    require(!records || format == Format.debezium, "--records goes with --format=debezium only");
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
