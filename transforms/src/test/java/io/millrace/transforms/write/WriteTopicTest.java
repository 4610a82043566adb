package io.millrace.transforms.write;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no broker; detect's test writes to one. */
class WriteTopicTest {
  @TempDir Path directory;

  @Test
  void theClientsPropertiesStayInTheirFile() throws Exception {
    WriteTopic write = WriteTopic.to("broker:9092", "alerts").withProducerProperties(properties());
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(RecordBlock.of("t", 0, new byte[0])).withCoder(RecordBlockCoder.of()))
        .apply(write);
    byte[] job = PipelineTranslation.toProto(pipeline).toByteArray();
    assertThat(new String(job, StandardCharsets.ISO_8859_1), not(containsString("s3cret")));
    assertThat(DisplayData.from(write).toString(), not(containsString("s3cret")));
    assertThat(DisplayData.from(write).toString(), containsString("alerts"));
  }

  @Test
  void theFileDecidesAllButWhereAndInWhatFormIsWritten() throws Exception {
    Map<String, Object> merged =
        new ProducerFactory(properties())
            .merge(Map.of("bootstrap.servers", "broker:9092", "retries", "3"));
    assertThat(
        merged,
        is(
            Map.of(
                "bootstrap.servers",
                "broker:9092",
                "compression.type",
                "gzip",
                "ssl.key.password",
                "s3cret")));
  }

  private String properties() throws Exception {
    return Files.writeString(
            directory.resolve("client.properties"),
            """
            bootstrap.servers=elsewhere:9092
            transactional.id=mine
            compression.type=gzip
            ssl.key.password=s3cret
            """)
        .toString();
  }
}
