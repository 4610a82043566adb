package io.millrace.transforms.event;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.EventChanges;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;

/**
 * Makes inserts of rows of business events, so that the warehouse takes them as it takes changes:
 * each type goes to the table that its schema object in the contract names, with its columns, and
 * its id as the key.
 *
 * <p>Order, duplicates and lateness: passed through as they come, with their timestamps. Of events
 * with one id the row shows that which stands last in its topic or file, so a copy changes nothing.
 * The row's commit time is when the event happened. No state.
 *
 * <pre>{@code
 * late.apply(ConvertEvents.toChanges(contract)).apply(WriteWarehouse.to(warehouse));
 * }</pre>
 */
public final class ConvertEvents
    extends PTransform<PCollection<BusinessEvent>, PCollection<ChangeEvent>> {
  private static final long serialVersionUID = 1L;

  private final Contract contract;

  private ConvertEvents(Contract contract) {
    this.contract = contract;
  }

  /** Makes inserts of the events of this contract, by which they were parsed. */
  public static ConvertEvents toChanges(Contract contract) {
    return new ConvertEvents(contract);
  }

  @Override
  public PCollection<ChangeEvent> expand(PCollection<BusinessEvent> input) {
    return input
        .apply("Convert", ParDo.of(new ConvertFn(contract)))
        .setCoder(ChangeEventCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("contract", contract.id() + " " + contract.version()));
  }

  static final class ConvertFn extends DoFn<BusinessEvent, ChangeEvent> {
    private static final long serialVersionUID = 1L;

    private final Contract contract;
    private transient EventChanges changes;

    ConvertFn(Contract contract) {
      this.contract = contract;
    }

    @Setup
    public void setup() {
      changes = new EventChanges(contract);
    }

    @ProcessElement
    public void process(@Element BusinessEvent event, OutputReceiver<ChangeEvent> out) {
      out.output(changes.insert(event));
    }
  }
}
