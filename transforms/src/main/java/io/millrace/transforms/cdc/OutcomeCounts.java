package io.millrace.transforms.cdc;

/** How many changes came to each {@link Outcome}. */
final class OutcomeCounts {
  private long accepted;
  private long superseded;
  private long duplicate;

  OutcomeCounts() {
    this(0, 0, 0);
  }

  OutcomeCounts(long accepted, long superseded, long duplicate) {
    this.accepted = accepted;
    this.superseded = superseded;
    this.duplicate = duplicate;
  }

  void add(Outcome outcome) {
    switch (outcome) {
      case ACCEPTED -> accepted++;
      case SUPERSEDED -> superseded++;
      case DUPLICATE -> duplicate++;
    }
  }

  long accepted() {
    return accepted;
  }

  long superseded() {
    return superseded;
  }

  long duplicate() {
    return duplicate;
  }
}
