package io.millrace.schemas.image;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.wire.ByteWriter;
import java.math.BigDecimal;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;

class ChangeRowsTest {
  private static final TableContract ITEMS =
      Contract.parse(
              """
              apiVersion: v3.0.2
              kind: DataContract
              id: shop
              version: 1.0.0
              status: active
              schema:
                - name: items
                  physicalName: public.items
                  properties:
                    - {name: shop, physicalType: text, primaryKey: true, primaryKeyPosition: 2}
                    - {name: id, physicalType: bigint, primaryKey: true, primaryKeyPosition: 1}
                    - {name: title, physicalName: name, physicalType: text}
                    - {name: price, physicalType: "numeric(8,2)"}
              """,
              "test")
          .table("public.items")
          .orElseThrow();

  private static ChangeEvent change(Operation operation, String json) {
    ByteWriter key = new ByteWriter(8);
    key.writeZigzag(7);
    key.writeText("north");
    ChangeEvent.Builder change =
        ChangeEvent.builder()
            .setTable("public.items")
            .setOperation(operation)
            .setKey(Key.of(key.toByteArray()))
            .setPosition(new PositionEncoder().start(0).number(1).end())
            .setOrigin(Origin.ofFile("items", 1, 1));
    return json == null
        ? change.build()
        : change.setAfter(Image.ofJson(json, ImageEncoding.CHANGES)).build();
  }

  @Test
  void columnsAreInTheOrderAskedForAndThoseOfTheKeyMayComeFromIt() {
    ChangeRows rows = SerializableUtils.clone(ChangeRows.of(ITEMS, "price", "title", "shop"));
    Row row = rows.row(change(Operation.UPSERT, "{\"name\":\"desk\",\"price\":1.50}"));
    assertThat(row.getValues(), is(List.of(new BigDecimal("1.50"), "desk", "north")));
    assertThat(row.getSchema().getFieldNames(), is(List.of("price", "title", "shop")));
  }

  @Test
  void allColumnsUnlessSomeAreNamed() {
    Row row =
        ChangeRows.of(ITEMS)
            .row(
                change(
                    Operation.INSERT,
                    "{\"shop\":\"north\",\"id\":7,\"name\":\"desk\",\"price\":null}"));
    assertThat(row.getString("shop"), is("north"));
    assertThat(row.getInt64("id"), is(7L));
    assertThat(row.getString("title"), is("desk"));
    assertThat(row.getDecimal("price") == null, is(true));
  }

  @Test
  void theKeyIsInItsOwnOrderAlsoOfADelete() {
    ChangeRows rows = ChangeRows.of(ITEMS, "price");
    assertThat(rows.key(change(Operation.DELETE, null)).getValues(), is(List.of(7L, "north")));
    assertThat(rows.keySchema().getFieldNames(), is(List.of("id", "shop")));
    ChangeEvent delete = change(Operation.DELETE, null);
    assertThrows(IllegalArgumentException.class, () -> rows.row(delete));
  }

  @Test
  void anUnchangedColumnIsRejectedIfItIsAskedFor() {
    ChangeEvent change = change(Operation.UPDATE, "{\"price\":1}");
    assertThat(
        ChangeRows.of(ITEMS, "price").row(change).getValues(), is(List.of(new BigDecimal("1"))));
    ChangeRows all = ChangeRows.of(ITEMS);
    RejectedRecordException rejected =
        assertThrows(RejectedRecordException.class, () -> all.row(change));
    assertThat(rejected.reason(), is(Reason.MISSING_COLUMN));
    assertThat(rejected.table(), is("public.items"));
    assertThat(rejected.getMessage(), containsString("leaves column name unchanged"));
  }

  @Test
  void anUnknownColumnIsRefused() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> ChangeRows.of(ITEMS, "colour"))
            .getMessage(),
        is("Table items has no column colour; it has [shop, id, title, price]"));
  }
}
