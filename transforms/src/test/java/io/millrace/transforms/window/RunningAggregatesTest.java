package io.millrace.transforms.window;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.junit.jupiter.api.Test;

class RunningAggregatesTest {
  private static final String DEFINITION = "cents, first, last, shops";
  private static final List<Aggregate<Sale>> AGGREGATES =
      List.of(
          Aggregate.sum("cents", Attribute.int64("cents", Sale::cents)),
          Aggregate.first("first", Attribute.string("shop", Sale::shop)),
          Aggregate.last("last", Attribute.string("shop", Sale::shop)),
          Aggregate.distinct("shops", Attribute.string("shop", Sale::shop)));

  private final RunningAggregates<Sale> aggregates = RunningAggregates.of(DEFINITION, AGGREGATES);

  @Test
  void elementsCountInTheirOrderWhateverTheirTimes() {
    byte[] accumulators = null;
    accumulators = aggregates.add(accumulators, new Sale(null, 1, 30));
    accumulators = aggregates.add(accumulators, new Sale("b", 2, 20));
    accumulators = aggregates.add(accumulators, new Sale("c", 3, 20));
    accumulators = aggregates.add(accumulators, new Sale("a", 4, 10));
    accumulators = aggregates.add(accumulators, new Sale(null, 5, 40));
    assertThat(aggregates.row(accumulators).getValues(), is(List.of(15L, "b", "a", 3L)));
  }

  @Test
  void accumulatorsStayAsTheyAre() {
    byte[] one = aggregates.add(null, new Sale("a", 1, 0));
    byte[] copy = one.clone();
    aggregates.add(one, new Sale("b", 2, 0));
    assertThat(one, is(copy));
    assertThat(aggregates.row(one).getValues(), is(List.of(1L, "a", "a", 1L)));
  }

  @Test
  void fieldsAreNamedAndTypedAsTheAggregatesAre() {
    assertThat(aggregates.schema().getFieldNames(), is(List.of("cents", "first", "last", "shops")));
    assertThat(
        aggregates.schema().getField("last").getType(), is(FieldType.STRING.withNullable(true)));
  }

  @Test
  void accumulatorsAreWrittenAsTheyAlwaysWere() {
    byte[] accumulators = aggregates.add(null, new Sale("an", 7, 0));
    assertThat(
        HexFormat.of().formatHex(accumulators),
        is(
            "01"
                + HexFormat.of().toHexDigits(DEFINITION.hashCode())
                + "01"
                + "0000000000000007"
                + "0000000000000000"
                + "0000000000000000"
                + "0401"
                + "02616e"
                + "0401"
                + "02616e"
                + "07"
                + "00000001"
                + "02616e"));
  }

  @Test
  void accumulatorsOfAnotherDefinitionAreRefused() {
    byte[] accumulators = aggregates.add(null, new Sale("a", 1, 0));
    RunningAggregates<Sale> other = RunningAggregates.of("another", AGGREGATES);
    assertThat(
        assertThrows(IllegalStateException.class, () -> other.row(accumulators)).getMessage(),
        containsString("of another definition than another; start anew"));
  }
}
