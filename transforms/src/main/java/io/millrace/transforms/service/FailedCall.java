package io.millrace.transforms.service;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.transforms.quality.DeadLetter;

/**
 * An element for whose key a service gave no answer, neither one nor none.
 *
 * @param element that was given
 * @param reason why
 * @param message what exactly went wrong at last
 */
public record FailedCall<T>(T element, Reason reason, String message) {

  /** The dead letter of the change that the element is, or was made of. */
  public DeadLetter deadLetter(ChangeEvent change) {
    return DeadLetter.of(
        DeadLetter.Stage.SERVICE,
        RejectedRecordException.Reason.NO_ANSWER,
        reason + ": " + message,
        change);
  }

  /** Why there is no answer; the names stand in what is stored and never change. */
  public enum Reason {
    /** Every attempt failed; the message is the last one's. */
    FAILED,
    /** Every attempt failed, and the last took too long. */
    TIMED_OUT,
    /** The service refused the key, and would again. */
    REFUSED,
    /** The service failed so often that it was not asked any more. */
    UNAVAILABLE
  }
}
