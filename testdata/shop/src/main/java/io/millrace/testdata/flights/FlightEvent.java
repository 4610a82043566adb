package io.millrace.testdata.flights;

import java.io.Serializable;

/**
 * Something that happened to a flight.
 *
 * @param id of the event, from 1, in the order of receiving
 * @param airline who sent it
 * @param flight such as ZZ123
 * @param status such as departed
 * @param occurred when it happened, in milliseconds since 1970
 * @param received when it came in, in milliseconds since 1970
 */
public record FlightEvent(
    long id, String airline, String flight, String status, long occurred, long received)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The columns of {@link #csv}. */
  public static final String CSV_HEADER = "id,airline,flight,status,occurred,received";

  /** A line of a CSV file. */
  public String csv() {
    return id + "," + airline + "," + flight + "," + status + "," + occurred + "," + received;
  }
}
