package io.millrace.transforms.lookup;

/** A table has more rows or bytes than each worker is to hold: see {@link LookUp#atMost}. */
public final class TableTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TableTooLargeException(String message) {
    super(message);
  }
}
