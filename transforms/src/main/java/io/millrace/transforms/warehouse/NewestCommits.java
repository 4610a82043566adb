package io.millrace.transforms.warehouse;

import org.apache.beam.sdk.coders.DefaultCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The newest commit that has been seen, and the newest one before it. Of the newest nothing tells
 * whether more of its changes follow; of the one before, the newest does, since a source sends its
 * commits one after the other. Changes of one commit time count as one commit.
 *
 * @param newest the newest commit
 * @param before the newest commit of an earlier time; null if none has been seen
 */
@DefaultCoder(NewestCommitsCoder.class)
record NewestCommits(CommitPoint newest, @Nullable CommitPoint before) {

  static NewestCommits of(CommitPoint newest) {
    return new NewestCommits(newest, null);
  }

  /** Takes in a commit that has been seen, too. */
  NewestCommits with(CommitPoint point) {
    if (newest.isOfEarlierCommitThan(point)) {
      return new NewestCommits(point, newest);
    }
    return point.isOfEarlierCommitThan(newest)
        ? withBefore(point)
        : new NewestCommits(newest.orLater(point), before);
  }

  NewestCommits with(NewestCommits others) {
    NewestCommits all = with(others.newest);
    return others.before == null ? all : all.with(others.before);
  }

  /** Takes in which commits there were before the newest, and keeps that. */
  NewestCommits withThoseBefore(NewestCommits others) {
    NewestCommits all = withBefore(others.newest);
    return others.before == null ? all : all.withBefore(others.before);
  }

  private NewestCommits withBefore(CommitPoint point) {
    return point.isOfEarlierCommitThan(newest)
        ? new NewestCommits(newest, before == null ? point : before.orLater(point))
        : this;
  }
}
