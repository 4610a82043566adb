package io.millrace.transforms.time;

import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.DelegateCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * What a device measured, all times in microseconds. The true time is not known to what is tested.
 */
record Reading(long device, long occurredAt, long sentAt, long receivedAt, long trueTime) {
  static final Coder<Reading> CODER =
      DelegateCoder.of(
          ListCoder.of(VarLongCoder.of()),
          reading ->
              List.of(
                  reading.device(),
                  reading.occurredAt(),
                  reading.sentAt(),
                  reading.receivedAt(),
                  reading.trueTime()),
          list -> new Reading(list.get(0), list.get(1), list.get(2), list.get(3), list.get(4)));

  static class Times implements DeviceTimes<Reading> {
    private static final long serialVersionUID = 1L;

    @Override
    public String device(Reading reading) {
      return "device " + reading.device();
    }

    @Override
    public long occurredAt(Reading reading) {
      return reading.occurredAt();
    }

    @Override
    public long sentAt(Reading reading) {
      return reading.sentAt();
    }

    @Override
    public long receivedAt(Reading reading) {
      return reading.receivedAt();
    }
  }
}
