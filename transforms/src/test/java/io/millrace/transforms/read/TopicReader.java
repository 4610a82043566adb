package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Drives the source under a {@link ReadTopics} as a runner does. */
final class TopicReader implements AutoCloseable {
  private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();

  private final UnboundedReader<KafkaRecord<byte[], byte[]>> reader;
  private final Coder<KafkaCheckpointMark> markCoder;
  private final List<String> records = new ArrayList<>();
  private boolean started;

  private TopicReader(
      UnboundedSource<KafkaRecord<byte[], byte[]>, KafkaCheckpointMark> source,
      @Nullable KafkaCheckpointMark mark)
      throws Exception {
    this.reader = source.split(1, OPTIONS).get(0).createReader(OPTIONS, mark);
    this.markCoder = source.getCheckpointMarkCoder();
  }

  static TopicReader open(ReadTopics.Records read) throws Exception {
    return new TopicReader(source(read, OPTIONS), null);
  }

  static TopicReader resume(ReadTopics.Records read, KafkaCheckpointMark mark) throws Exception {
    return new TopicReader(source(read, OPTIONS), mark);
  }

  /** Reads until so many records were read in all; answers all. */
  List<String> readUntil(int count) throws IOException {
    while (records.size() < count) {
      advance();
    }
    return records;
  }

  /** Reads the next block if there is one yet. */
  void advance() throws IOException {
    boolean available = started ? reader.advance() : reader.start();
    started = true;
    if (available) {
      KafkaRecord<byte[], byte[]> block = reader.getCurrent();
      records.addAll(
          RecordTexts.of(
              RecordBlock.of(block.getTopic(), block.getPartition(), block.getKV().getValue())));
    }
  }

  UnboundedReader<?> reader() {
    return reader;
  }

  /** A checkpoint as it comes back from a runner's storage; the group commits it. */
  KafkaCheckpointMark checkpoint() throws IOException {
    KafkaCheckpointMark mark = (KafkaCheckpointMark) reader.getCheckpointMark();
    mark.finalizeCheckpoint();
    return CoderUtils.clone(markCoder, mark);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** The source that a pipeline with these options reads. */
  @SuppressWarnings("unchecked")
  static UnboundedSource<KafkaRecord<byte[], byte[]>, KafkaCheckpointMark> source(
      ReadTopics.Records read, PipelineOptions options) {
    Pipeline pipeline = Pipeline.create(options);
    pipeline.apply(read);
    List<UnboundedSource<?, ?>> sources = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(Node node) {
            if (node.getTransform() instanceof Read.Unbounded<?> unbounded) {
              sources.add(unbounded.getSource());
            }
            return CompositeBehavior.ENTER_TRANSFORM;
          }
        });
    return (UnboundedSource<KafkaRecord<byte[], byte[]>, KafkaCheckpointMark>) sources.get(0);
  }
}
