package io.millrace.benchmarks.harness;

/**
 * One who does a benchmark's work.
 *
 * @param name a word or two, for the table
 * @param role what its figures are for
 * @param description what it is, in a line
 * @param factory makes it, in a JVM of its own
 */
public record Entrant(String name, Role role, String description, Factory factory) {

  /** What an entrant's figures are for. */
  public enum Role {
    /** Millrace itself. */
    MILLRACE,
    /** The one that the ratio is with. */
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
