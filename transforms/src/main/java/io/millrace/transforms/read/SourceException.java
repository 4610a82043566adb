package io.millrace.transforms.read;

/**
 * A source cannot be read as asked. The message is one sentence for whoever started the run: what
 * is wrong, where, and the remedy where there is one. A runner wraps this exception in others; look
 * for it along the causes.
 */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who can mend it. */
  public enum Fault {
    /** What was asked for: a path, a topic, a property, a bound. */
    INPUT,
    /** The world: a broker, a disk, records that are gone. */
    WORLD
  }

  private final Fault fault;

  private SourceException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public static SourceException input(String message) {
    return new SourceException(Fault.INPUT, message, null);
  }

  public static SourceException input(String message, Throwable cause) {
    return new SourceException(Fault.INPUT, message, cause);
  }

  public static SourceException world(String message) {
    return new SourceException(Fault.WORLD, message, null);
  }

  public static SourceException world(String message, Throwable cause) {
    return new SourceException(Fault.WORLD, message, cause);
  }

  public Fault fault() {
    return fault;
  }
}
