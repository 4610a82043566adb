package io.millrace.transforms.warehouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.NullableCoder;

/** Encodes {@link NewestCommits}: the newest, a byte that says whether there is one before, it. */
final class NewestCommitsCoder extends AtomicCoder<NewestCommits> {
  private static final long serialVersionUID = 1L;
  private static final NewestCommitsCoder INSTANCE = new NewestCommitsCoder();
  private static final CommitPointCoder POINT = CommitPointCoder.of();
  private static final NullableCoder<CommitPoint> BEFORE = NullableCoder.of(POINT);

  static NewestCommitsCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(NewestCommits commits, OutputStream out) throws IOException {
    POINT.encode(commits.newest(), out);
    BEFORE.encode(commits.before(), out);
  }

  @Override
  public NewestCommits decode(InputStream in) throws IOException {
    return new NewestCommits(POINT.decode(in), BEFORE.decode(in));
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}
