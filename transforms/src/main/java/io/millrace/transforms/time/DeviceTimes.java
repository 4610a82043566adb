package io.millrace.transforms.time;

import io.millrace.schemas.BusinessEvent;
import java.io.Serializable;

/** Tells of an event which device saw it, and when; times are microseconds since 1970. */
public interface DeviceTimes<T> extends Serializable {
  /** Stands for a time that nothing told. */
  long NO_TIME = BusinessEvent.NO_TIME;

  /** The device, whose clock all events of it share; empty where it is not known. */
  String device(T event);

  /** When it happened, by the device's clock; never {@link #NO_TIME}. */
  long occurredAt(T event);

  /** When it was sent, by the device's clock; {@link #NO_TIME} where it is not known. */
  long sentAt(T event);

  /** When it was received, by the server's clock; {@link #NO_TIME} where it is not known. */
  long receivedAt(T event);
}
