package io.millrace.runners.flink;

import io.millrace.testdata.sales.SaleEvents;

/** What is made of the sample shop's business events, and the same in SQL. */
final class EventContracts {
  /** The events, and shoppers as their purchases make them. */
  static final String SHOPPERS =
      SaleEvents.contract()
          + """
            - name: shoppers
              physicalName: gold.shoppers
              customProperties:
                - {property: kind, value: entity}
                - {property: from, value: purchases}
                - {property: horizon, value: PT1H}
              properties:
                - {name: customer, physicalType: bigint, primaryKey: true}
                - name: purchases
                  physicalType: bigint
                  customProperties: [{property: value, value: count}]
                - name: spent
                  physicalType: numeric(20,2)
                  customProperties: [{property: value, value: sum(amount)}]
                - name: products
                  physicalType: bigint
                  customProperties: [{property: value, value: distinct(product)}]
                - name: first_product
                  physicalType: text
                  customProperties: [{property: value, value: first(product)}]
                - name: last_product
                  physicalType: text
                  customProperties: [{property: value, value: last(product)}]
                - name: last_at
                  physicalType: timestamptz
                  customProperties: [{property: value, value: last_at}]
          """;

  static final String SHOPPERS_FOUND =
      """
      SELECT concat_ws(' ', customer, purchases, spent, products, first_product, last_product,
        last_at)
      FROM shoppers_live ORDER BY customer
      """;

  /** The same of the table {@code told} of all events, in whatever order and however often. */
  static final String SHOPPERS_TOLD =
      """
      SELECT concat_ws(' ', customer, count(*), sum(amount), count(DISTINCT product),
        (array_agg(product ORDER BY at, id))[1],
        (array_agg(product ORDER BY at DESC, id DESC))[1], max(at))
      FROM (
        SELECT DISTINCT (event->>'customer')::bigint AS customer, event->>'product' AS product,
          (event->>'amount')::numeric AS amount, (event->>'occurred_at')::timestamptz AS at,
          event->>'id' COLLATE "C" AS id
        FROM told) AS purchase
      GROUP BY customer ORDER BY customer
      """;

  /** Payments alone, so that lines of a file can be nothing else; and where alerts go. */
  static final String ALERTS =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: payments
      version: 1.0.0
      status: active
      schema:
        - name: payments
          physicalName: payments
          customProperties:
            - {property: kind, value: event}
            - {property: eventTime, value: occurred_at}
          properties:
            - {name: id, physicalType: uuid, primaryKey: true}
            - {name: card, physicalType: text}
            - {name: customer, physicalType: bigint}
            - {name: amount, physicalType: "numeric(12,2)"}
            - {name: status, physicalType: text}
            - {name: occurred_at, physicalType: timestamptz}
        - name: card_alerts
          physicalName: risk.card_alerts
          customProperties:
            - {property: kind, value: alerts}
            - {property: from, value: payments}
          properties:
            - {name: id, physicalType: text, primaryKey: true}
            - {name: rule, physicalType: text}
            - name: card
              physicalType: text
              customProperties: [{property: value, value: key}]
            - {name: first_at, physicalType: timestamptz}
            - {name: last_at, physicalType: timestamptz}
            - {name: event_ids, physicalType: jsonb}
            - {name: details, physicalType: jsonb}
      """;

  static final String RULES =
      """
      rules:
        - name: card_testing
          event: payments
          key: card
          pattern:
            steps:
              - {name: small, where: amount < 10, times: 2}
              - {name: large, where: amount > 200}
            within: PT20S
        - name: not_approved
          event: payments
          key: card
          pattern:
            steps:
              - {name: declined, where: status = 'declined'}
              - {name: approved, where: status = 'approved', not: true}
            within: PT10S
        - {name: velocity, event: payments, key: card, velocity: {moreThan: 4, within: PT5S}}
        - {name: unusual, event: payments, key: card, deviation: {of: amount, deviations: 2, after: 5}}
      """;

  private EventContracts() {}
}
