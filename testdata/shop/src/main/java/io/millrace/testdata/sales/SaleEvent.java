package io.millrace.testdata.sales;

import java.math.BigDecimal;

/**
 * Something that happened in the shop, as it is told once.
 *
 * @param kind what happened
 * @param arrival how it comes, compared with the others
 * @param id tells it from all others; the same if it is told again
 * @param occurredAt when it happened, in milliseconds since 1970
 * @param sendAt when it is to be sent, in milliseconds since 1970
 * @param amount in the shop's currency
 * @param status of a payment: {@code approved} or {@code declined}; empty of a purchase
 * @param key of its record in Kafka
 * @param json the record's value, an event of the contract {@link SaleEvents#contract}
 */
public record SaleEvent(
    Kind kind,
    Arrival arrival,
    String id,
    long occurredAt,
    long sendAt,
    BigDecimal amount,
    String status,
    String key,
    String json) {

  /** What happened, and where it is told. */
  public enum Kind {
    PURCHASE("purchases"),
    PAYMENT("payments");

    private final String event;

    Kind(String event) {
      this.event = event;
    }

    /** The event's name in the contract. */
    public String event() {
      return event;
    }

    /** The topic that it is sent to. */
    public String topic() {
      return "shop." + event;
    }
  }

  /** How an event comes. */
  public enum Arrival {
    /** At once. */
    IN_ORDER,
    /** After some that happened later, by less than {@link SaleEvents#DISORDER}. */
    OUT_OF_ORDER,
    /** Later than that, by less than {@link SaleEvents#LATENESS}. */
    LATE,
    /** Later than that. */
    TOO_LATE,
    /** A second time. */
    AGAIN
  }

  /** The same event, told again so many milliseconds later. */
  SaleEvent again(long later) {
    return new SaleEvent(
        kind, Arrival.AGAIN, id, occurredAt, sendAt + later, amount, status, key, json);
  }
}
