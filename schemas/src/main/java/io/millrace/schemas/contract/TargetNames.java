package io.millrace.schemas.contract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Which names tables and columns of a target may have. */
final class TargetNames {
  private static final int MOST_BYTES = 63;

  /** What is wrong with a name, or nothing. */
  static List<String> faults(String place, String name) {
    List<String> faults = new ArrayList<>();
    if (name.startsWith("_")) {
      faults.add(
          place
              + ": names that begin with _ belong to Millrace; give another name and keep the"
              + " source's as physicalName");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      faults.add(
          place
              + ": the name is longer than "
              + MOST_BYTES
              + " bytes, which PostgreSQL would cut; give a shorter"
              + " name and keep the source's as physicalName");
    }
    if (name.indexOf('\0') >= 0) {
      faults.add(place + ": the name holds a NUL character, which no database accepts");
    }
    return faults;
  }

  private TargetNames() {}
}
