package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.KafkaOptions;
import io.millrace.pipelines.options.LandingInputOptions;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.compaction.CompactLog;
import io.millrace.transforms.landing.Compaction;
import io.millrace.transforms.landing.Landing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sees to it that a compacted log is read only for what it is right for. */
public final class CompactedLogs {

  /**
   * Makes sure that the rows of a contract's tables are what the whole log makes them.
   *
   * @param history whether all versions of rows are kept
   * @throws LaunchException if a compacted landing lacks records that are needed
   */
  public static void checkRows(LandingInputOptions options, Contract contract, boolean history) {
    checkRows(landings(options), contract, history);
  }

  /**
   * Makes sure of it for some landings.
   *
   * @throws LaunchException if a compacted one of them lacks records that are needed
   */
  public static void checkRows(List<String> landings, Contract contract, boolean history) {
    for (String directory : compacted(landings)) {
      Compaction compaction = Landing.compaction(directory).orElseThrow();
      if (!compaction.routes().equals(CompactLog.routes(contract))) {
        throw unfit(
            directory,
            "with the routes "
                + compaction.routes()
                + ", and there are now "
                + CompactLog.routes(contract));
      }
      for (TableContract table : contract.tables()) {
        check(directory, compaction, table, history);
      }
    }
  }

  private static void check(
      String directory, Compaction compaction, TableContract table, boolean history) {
    Compaction.Table wanted = CompactLog.table(table);
    Optional<Compaction.Table> found =
        compaction.tables().stream().filter(t -> t.name().equals(wanted.name())).findFirst();
    if (found.isEmpty()) {
      return;
    }
    if (!found.get().key().equals(wanted.key())) {
      throw unfit(
          directory,
          "by the key " + found.get().key() + " of " + table.name() + ", which is " + wanted.key());
    }
    if (!found.get().modes().equals(wanted.modes())) {
      throw unfit(
          directory,
          "with " + found.get().modes() + " of " + table.name() + ", which is " + wanted.modes());
    }
    List<String> more = new ArrayList<>(wanted.columns());
    more.removeAll(found.get().columns());
    if (!more.isEmpty()) {
      throw unfit(directory, "without the columns " + more + " of " + table.name());
    }
    if (history && !table.dropsHistory()) {
      throw LaunchException.input(
          "--fromLanding: the log in "
              + directory
              + " has only the newest changes of "
              + table.name()
              + ", whose history is to be kept; leave it out, or say with the table's custom property"
              + " logCompaction: latest that its history may begin there");
    }
  }

  private static LaunchException unfit(String directory, String how) {
    return LaunchException.input(
        "--fromLanding: the log in "
            + directory
            + " was compacted "
            + how
            + "; leave it out, or compact the whole log with this contract");
  }

  /**
   * Makes sure that every record of the topics is read.
   *
   * @param reader what needs them
   * @throws LaunchException if a compacted landing has some of the topics
   */
  public static <O extends KafkaOptions & LandingInputOptions> void checkWhole(
      O options, String reader) {
    for (String directory : compacted(landings(options))) {
      List<String> topics = new ArrayList<>(Sources.logTopics(options));
      topics.retainAll(Landing.at(directory).topics());
      if (!topics.isEmpty()) {
        throw LaunchException.input(
            "--fromLanding: the log in "
                + directory
                + " has only the newest changes of "
                + String.join(", ", topics)
                + ", and "
                + reader
                + " needs all; leave it out");
      }
    }
  }

  private static List<String> landings(LandingInputOptions options) {
    return options.getFromLanding() == null ? List.of() : Sources.names(options.getFromLanding());
  }

  private static List<String> compacted(List<String> landings) {
    return landings.stream()
        .filter(directory -> Landing.compaction(directory).isPresent())
        .toList();
  }

  private CompactedLogs() {}
}
