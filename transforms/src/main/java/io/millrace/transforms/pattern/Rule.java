package io.millrace.transforms.pattern;

import io.millrace.transforms.time.KeyProcess;
import java.io.Serializable;
import org.joda.time.Duration;

/** What {@link Detect} looks for in a key's events. */
interface Rule<T> extends Serializable {

  /** What finds it, and makes alerts of it. */
  KeyProcess<Alert<T>> process(AlertMaker<T> maker);

  /** How often a key's state has to be looked at, to be freed; 0 for never. */
  Duration turnEvery();
}
