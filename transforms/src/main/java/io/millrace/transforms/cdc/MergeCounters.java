package io.millrace.transforms.cdc;

import io.millrace.transforms.quality.RunCounter;
import java.io.Serializable;

/** The live counts of a merge, added to once a block. */
final class MergeCounters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RunCounter accepted = RunCounter.named("changes_accepted");
  private final RunCounter superseded = RunCounter.named("changes_superseded");
  private final RunCounter duplicate = RunCounter.named("changes_duplicate");

  void add(OutcomeCounts counts) {
    accepted.add(counts.accepted());
    superseded.add(counts.superseded());
    duplicate.add(counts.duplicate());
  }
}
