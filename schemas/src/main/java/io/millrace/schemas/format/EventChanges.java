package io.millrace.schemas.format;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.Operation;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes of business events the inserts of rows, by which they are written to a table of their own:
 * its key is the event's id, its columns are the event's. An instance is used by one thread at a
 * time.
 *
 * <p>Of two events of one id the one wins that stands later in its topic or file (see {@link
 * Places}).
 */
public final class EventChanges {
  private final Map<String, ImageReaders> readers = new HashMap<>();
  private final PositionEncoder positions = new PositionEncoder();
  private final int epoch;

  /** Makes changes of a contract's events, with positions of epoch 0. */
  public EventChanges(Contract contract) {
    this(contract, 0);
  }

  EventChanges(Contract contract, int epoch) {
    this.epoch = epoch;
    contract
        .events()
        .forEach(
            event ->
                readers.put(event.physicalName(), new ImageReaders(event, UnknownColumns.IGNORE)));
  }

  /**
   * The insert of an event's row, committed when the event happened and captured when it was sent.
   *
   * @throws IllegalArgumentException if the contract has no such event
   */
  public ChangeEvent insert(BusinessEvent event) {
    ImageReaders ofType = readers.get(event.type());
    if (ofType == null) {
      throw new IllegalArgumentException("The contract has no event " + event.type());
    }
    Image image = event.image();
    List<String> absent = ofType.of(image).check(image).unchanged();
    return ChangeEvent.builder()
        .setTable(event.type())
        .setOperation(Operation.INSERT)
        .setKey(event.id())
        .setAfter(absent.isEmpty() ? image : RowImages.withNulls(image, absent))
        .setPosition(Places.append(positions.start(epoch), event.origin()).end())
        .setCommittedAt(event.occurredAt())
        .setCapturedAt(event.sentAt())
        .setReceivedAt(event.receivedAt())
        .setOrigin(event.origin())
        .build();
  }
}
