package io.millrace.benchmarks.harness;

/**
 * One who does a benchmark's work.
 *
 * @param contest what this entrant takes part in where a benchmark has several contests, one after
 *     another, or empty
 * @param name a word or two, for the table; one of a contest
 * @param role what its figures are for
 * @param description what it is, in a line
 * @param factory makes it, in a JVM of its own
 */
public record Entrant(String contest, String name, Role role, String description, Factory factory) {

  /** An entrant of a benchmark's only contest. */
  public Entrant(String name, Role role, String description, Factory factory) {
    this("", name, role, description, factory);
  }

  /** Its name, and its contest's where there are several. */
  public String title() {
    return contest.isEmpty() ? name : name + ", " + contest;
  }

  /** What an entrant's figures are for. */
  public enum Role {
    /** Millrace itself. */
    MILLRACE,
    /** One that the ratio is with; of several, the cheapest. */
    PEER,
    /** Shown beside them, measured less often. */
    SHOWN
  }

  /** Makes an entrant's contestant from the scene's settings. */
  @FunctionalInterface
  public interface Factory {
    Contestant create(Settings settings) throws Exception;
  }
}
