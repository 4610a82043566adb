package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.transforms.quality.DeadLetter;

/** A change that cannot be written, and why. The message may hold a value of the row. */
record RefusedChange(ChangeEvent event, Reason reason, String message) {
  DeadLetter toDeadLetter() {
    return DeadLetter.of(DeadLetter.Stage.WAREHOUSE, reason, message, event);
  }
}
