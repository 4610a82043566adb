package io.millrace.testdata.auction;

import java.io.Serializable;
import java.util.Locale;

/**
 * An event of an auction house.
 *
 * @param kind what happened
 * @param time when, in milliseconds since 1970
 * @param person who registered, sells, or bids
 * @param auction which auction, from 1, or 0 where a person registers
 * @param price in cents: the first bid that is taken, or the bid; 0 where a person registers
 */
public record AuctionEvent(Kind kind, long time, long person, long auction, long price)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What happened. */
  public enum Kind {
    PERSON,
    AUCTION,
    BID
  }

  /** The columns of {@link #csv}. */
  public static final String CSV_HEADER = "kind,time,person,auction,price";

  /** A line of a CSV file; the kind is in lower case. */
  public String csv() {
    return kind.name().toLowerCase(Locale.ROOT)
        + ","
        + time
        + ","
        + person
        + ","
        + auction
        + ","
        + price;
  }
}
