package io.millrace.pipelines.detect;

import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.pattern.Detect;

/**
 * A rule of the file.
 *
 * @param event the events that it is about
 * @param judge tells of each what the rule needs to know
 * @param detect finds alerts in that
 */
record EventRule(String name, TableContract event, Judge judge, Detect<JudgedEvent> detect) {

  /** The same rule about events that have another name. */
  EventRule about(TableContract renamed) {
    return new EventRule(name, renamed, judge, detect);
  }
}
