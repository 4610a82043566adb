package io.millrace.transforms.enrich;

import io.millrace.transforms.lookup.LookUp;
import io.millrace.transforms.lookup.TableSource;
import io.millrace.transforms.service.CallService;
import io.millrace.transforms.service.ServiceConnector;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Enriches events with what is known elsewhere.
 *
 * <pre>{@code
 * EnrichedFacts<String, Order, Customer> enriched =
 *     orders.apply(
 *         EnrichWith.<String, Order, Customer>versionedTable(customers)
 *             .left()
 *             .withCorrectionHorizon(Duration.standardHours(1)));
 * enriched.enriched();   // KV<String, Enriched<Order, Customer>>
 * enriched.tooLate();    // KV<String, Order>
 * }</pre>
 */
public final class EnrichWith {

  /**
   * Joins each fact with what its row of a table was at the fact's time. See {@link JoinAsOf}.
   *
   * @param table its rows' versions, by the key that facts have
   */
  public static <K, F, D> JoinAsOf<K, F, D> versionedTable(
      PCollection<KV<K, TableVersion<D>>> table) {
    return JoinAsOf.with(table);
  }

  /**
   * Looks up the row of each element's key in a table that every worker holds whole, as it is when
   * the element comes. See {@link LookUp}, also for what it does not promise.
   *
   * @param table that is read, and read again if so told
   * @param rowCoder of its rows
   */
  public static <K, V, R> LookUp<K, V, R> lookup(TableSource<K, R> table, Coder<R> rowCoder) {
    return LookUp.in(table, rowCoder);
  }

  /**
   * Looks up the row of each element's key in a table that every worker holds whole, kept by its
   * changes. See {@link LookUp}, also for what it does not promise.
   *
   * @param changes a key's new row each, or null if it is gone
   */
  public static <K, V, R> LookUp<K, V, R> lookup(PCollection<KV<K, R>> changes) {
    return LookUp.in(changes);
  }

  /**
   * Asks a service for what belongs to each element's key. See {@link CallService}, also for what
   * it does not promise.
   *
   * @param answerCoder of its answers
   */
  public static <K, V, R> CallService<K, V, R> service(
      ServiceConnector<K, R> service, Coder<R> answerCoder) {
    return CallService.at(service, answerCoder);
  }

  private EnrichWith() {}
}
