package io.millrace.schemas.format;

import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;

/** Names of the files of MySQL's binary log. */
final class Binlog {

  /**
   * The number that ends a file's name: 3 of {@code mysql-bin.000003}.
   *
   * @param field what holds the name, for the complaint
   * @throws RejectedRecordException if the name ends in no number
   */
  static long fileNumber(String name, String field) {
    int start = name.length();
    while (start > 0 && Character.digit(name.charAt(start - 1), 10) >= 0) {
      start--;
    }
    try {
      return Long.parseLong(name, start, name.length(), 10);
    } catch (NumberFormatException e) {
      throw new RejectedRecordException(
          Reason.NO_POSITION, field + " is '" + name + "', which ends in no number");
    }
  }

  private Binlog() {}
}
