package io.millrace.transforms.cdc;

import io.millrace.transforms.quality.ChangeCounts;

/** How many changes came to each {@link Outcome}. */
public final class OutcomeCounts {
  private long accepted;
  private long superseded;
  private long duplicate;

  /** Counts a change. */
  public void add(Outcome outcome) {
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

  ChangeCounts toCounts() {
    return ChangeCounts.builder()
        .setAccepted(accepted)
        .setSuperseded(superseded)
        .setDuplicate(duplicate)
        .build();
  }
}
