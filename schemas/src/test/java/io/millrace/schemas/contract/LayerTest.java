package io.millrace.schemas.contract;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layers of a contract's tables, and what each is made of. */
class LayerTest {
  private static final String EVENT =
      "events: kind event, eventTime at; totals: kind summary, from events, windows global";

  /** A contract of few words: tables, each a name and custom properties; | separates names. */
  private static Contract contract(String tables) {
    StringBuilder yaml =
        new StringBuilder(
            "{apiVersion: v3.0.2, kind: DataContract, id: s, version: 1.0.0, status: active,"
                + " schema: [");
    for (String table : tables.split(";", -1)) {
      int colon = table.indexOf(':');
      yaml.append("{name: ").append(table.substring(0, colon).strip());
      yaml.append(", customProperties: [");
      for (String property : table.substring(colon + 1).strip().split(", ", -1)) {
        int space = property.indexOf(' ');
        if (space > 0) {
          yaml.append("{property: ").append(property, 0, space);
          yaml.append(", value: '")
              .append(property.substring(space + 1).replace('|', ','))
              .append("'}, ");
        }
      }
      yaml.append("], properties: [{name: id, physicalType: bigint, primaryKey: true},");
      yaml.append(" {name: at, physicalType: timestamptz}]}, ");
    }
    return Contract.parse(yaml.append("]}").toString(), "c");
  }

  private static List<Layer> layers(Contract contract) {
    return contract.tables().stream().map(TableContract::layer).toList();
  }

  @Test
  void theKindTellsTheLayerAndWhatIsRead() {
    Contract contract =
        contract(
            EVENT
                + "; orders: ; state: kind entity, from events; alarms: kind alerts, from events;"
                + " wide: kind view, query SELECT 1");
    assertThat(
        layers(contract),
        contains(Layer.BRONZE, Layer.GOLD, Layer.SILVER, Layer.SILVER, Layer.GOLD, Layer.GOLD));
    assertThat(contract.tables().get(1).reads(), contains("events"));
    assertThat(contract.tables().get(2).reads(), is(empty()));
  }

  @Test
  void theContractMayTellOtherwise() {
    Contract contract =
        contract("raw: layer bronze; orders: layer gold, reads raw|people; people: reads raw");
    assertThat(layers(contract), contains(Layer.BRONZE, Layer.GOLD, Layer.SILVER));
    assertThat(contract.tables().get(1).reads(), contains("raw", "people"));
    Contract affixed = contract.withTableAffixes("a_", "_z");
    assertThat(affixed.tables().get(1).reads(), contains("a_raw_z", "a_people_z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '`',
      value = {
        "t: layer platinum > table t: the custom property layer is 'platinum'; it is one of bronze",
        "t: reads u|v; u: > table t: the custom property reads names v, which is no table of the"
            + " contract; it has t, u",
        "t: layer silver, reads u; u: layer gold > table t: it is silver and reads u, which is gold",
        "t: reads u; u: reads v; v: reads t > tables read each other in a circle: t reads u reads v"
            + " reads t; take one out",
        "t: reads t > circle: t reads t;",
      })
  void whatCannotBeIsToldWithTheRemedy(String tables, String message) {
    ContractException wrong = assertThrows(ContractException.class, () -> contract(tables));
    assertThat(wrong.getMessage(), containsString(message));
  }
}
