package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.contract.Contract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BuildsTest {
  private static final Contract BOTH = TestTable.contract("a: key id bigint", "b: key id bigint");
  private static final Contract A = TestTable.contract("a: key id bigint");
  private static final Contract B = TestTable.contract("b: key id bigint");

  private TestWarehouse database;

  @BeforeEach
  void create() {
    database = TestWarehouse.create();
    WarehouseTables.prepare(database.warehouse(), BOTH);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private int begin(Contract contract) {
    return Builds.begin(database.warehouse(), contract);
  }

  @Test
  void eachBuildHasAHigherNumber() {
    assertThat(begin(A), is(1));
    assertThat(begin(A), is(2));
    assertThat(begin(B), is(1));
    assertThat(begin(A), is(3));
  }

  @Test
  void severalTablesGetOneThatIsHigherThanThatOfAny() {
    begin(A);
    begin(A);
    begin(B);
    assertThat(begin(BOTH), is(3));
    assertThat(begin(B), is(4));
    assertThat(begin(BOTH), is(5));
    assertThat(database.query("SELECT DISTINCT build FROM _millrace.builds"), contains("5"));
  }

  @Test
  void theNextIsHigherThanOneWhoseNumberWasGiven() {
    assertThat(Builds.note(database.warehouse(), A, 7), is(0));
    assertThat(Builds.note(database.warehouse(), BOTH, 5), is(7));
    assertThat(begin(BOTH), is(8));
  }
}
