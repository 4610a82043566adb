package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.Position;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class NewestCommitsCoderTest {
  private static final NewestCommits ONE =
      NewestCommits.of(new CommitPoint(1_000_001, Position.ofHex("80ff"), 7));
  private static final NewestCommits TWO =
      ONE.with(new CommitPoint(1_000_000, Position.ofHex("80fe"), 6));

  @Test
  void formatStaysAsItIs() throws CoderException {
    String newest = "08" + "01" + "82897a" + "02" + "80ff" + "0e";
    assertThat(encoded(ONE), is(newest + "00"));
    assertThat(encoded(TWO), is(newest + "01" + "08" + "01" + "80897a" + "02" + "80fe" + "0c"));
  }

  private static String encoded(NewestCommits commits) throws CoderException {
    return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(NewestCommitsCoder.of(), commits));
  }

  @Test
  void decodesWhatItEncodes() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(NewestCommitsCoder.of(), ONE);
    CoderProperties.coderDecodeEncodeEqual(NewestCommitsCoder.of(), TWO);
    CoderProperties.coderSerializable(NewestCommitsCoder.of());
  }
}
