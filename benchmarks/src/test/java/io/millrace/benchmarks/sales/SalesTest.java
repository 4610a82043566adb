package io.millrace.benchmarks.sales;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SalesTest {
  private static final int EVENTS = 40_000;

  private record Sale(long time, long product, long id, long customer, int quantity) {}

  private record Price(long time, long product, long number, long cents) {}

  /** All that came, in the order it came in. */
  private static final class Arrivals implements Sales.Output {
    private final List<Sale> sales = new ArrayList<>();
    private final List<Price> prices = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();

    @Override
    public void sale(long time, long product, long id, long customer, int quantity) {
      sales.add(new Sale(time, product, id, customer, quantity));
      times.add(time);
    }

    @Override
    public void price(long time, long product, long number, long cents) {
      prices.add(new Price(time, product, number, cents));
      times.add(time);
    }

    private static Arrivals of(Sales sales) throws IOException {
      Arrivals arrivals = new Arrivals();
      sales.generate(arrivals);
      return arrivals;
    }
  }

  @Test
  void theSameComesEveryTime() throws IOException {
    Arrivals arrivals = Arrivals.of(new Sales(EVENTS));
    Arrivals again = Arrivals.of(new Sales(EVENTS));
    assertThat(arrivals.sales, hasSize(EVENTS));
    assertThat(again.sales, equalTo(arrivals.sales));
    assertThat(again.prices, equalTo(arrivals.prices));
  }

  @Test
  void nothingComesMoreThanASecondLate() throws IOException {
    long newest = 0;
    long greatest = 0;
    for (long time : Arrivals.of(new Sales(EVENTS)).times) {
      newest = Math.max(newest, time);
      greatest = Math.max(greatest, newest - time);
    }
    assertThat(greatest, is(both(greaterThan(900L)).and(lessThan(Sales.DISORDER))));
  }

  @Test
  void noProductHasTwoPricesAtOnce() throws IOException {
    Set<List<Long>> places = new HashSet<>();
    for (Price price : Arrivals.of(new Sales(EVENTS)).prices) {
      assertThat(places.add(List.of(price.product, price.time)), is(true));
    }
  }

  @Test
  void answerIsThatOfAsOfJoinsOneByOne() throws IOException {
    Sales sales = new Sales(EVENTS);
    Arrivals arrivals = Arrivals.of(sales);
    Map<Long, TreeMap<Long, Price>> byProduct = new HashMap<>();
    arrivals.prices.forEach(
        price ->
            byProduct
                .computeIfAbsent(price.product, any -> new TreeMap<>())
                .put(price.time, price));
    SalesBook book = new SalesBook();
    SalesBook.Page page = book.page();
    for (Sale sale : arrivals.sales) {
      var known = byProduct.getOrDefault(sale.product, new TreeMap<>()).floorEntry(sale.time);
      Price price = known == null ? new Price(0, 0, 0, 0) : known.getValue();
      page.add(sale.id, sale.customer, sale.quantity, price.number, price.cents);
    }
    assertThat(sales.answer(), equalTo(book.answer()));
  }
}
