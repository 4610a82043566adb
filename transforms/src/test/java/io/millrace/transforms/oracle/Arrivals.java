package io.millrace.transforms.oracle;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * Elements in the order they come in, in blocks of which only the numbers pass between steps: each
 * worker finds the elements in this JVM.
 */
public final class Arrivals<T> implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BLOCK = 500;
  private static final Map<String, List<?>> ALL = new ConcurrentHashMap<>();

  private final String name;
  private final Coder<T> coder;
  private final SerializableFunction<T, Long> time;
  private final int blocks;

  /**
   * Elements of this JVM.
   *
   * @param name tells them from others
   * @param time takes an element's event time, in milliseconds since 1970
   */
  public Arrivals(
      String name, List<T> elements, Coder<T> coder, SerializableFunction<T, Long> time) {
    this.name = name;
    this.coder = coder;
    this.time = time;
    this.blocks = (elements.size() + BLOCK - 1) / BLOCK;
    ALL.put(name, elements);
  }

  @SuppressWarnings("unchecked") // as they were put
  private List<T> block(int number) {
    List<T> all = (List<T>) ALL.get(name);
    return all.subList(number * BLOCK, Math.min(all.size(), (number + 1) * BLOCK));
  }

  /** The event times of a block. */
  List<Long> times(int block) {
    return block(block).stream().map(time::apply).toList();
  }

  int blocks() {
    return blocks;
  }

  /** Reads all of them as bounded input. */
  public PTransform<PBegin, PCollection<T>> bounded() {
    return reading(Create.of(IntStream.range(0, blocks).boxed().toList()));
  }

  /**
   * Reads them as a stream whose watermark is the newest time so far less some milliseconds.
   *
   * @param disorder how far an element may be behind the newest
   */
  public PTransform<PBegin, PCollection<T>> unbounded(long disorder) {
    return reading(Read.from(new ArrivalSource(this, disorder)));
  }

  private PTransform<PBegin, PCollection<T>> reading(
      PTransform<PBegin, PCollection<Integer>> blocks) {
    return new PTransform<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public PCollection<T> expand(PBegin begin) {
        return begin
            .apply("Blocks", blocks)
            .apply("Unpack", ParDo.of(new UnpackFn<>(Arrivals.this)))
            .setCoder(coder);
      }
    };
  }

  private static final class UnpackFn<T> extends DoFn<Integer, T> {
    private static final long serialVersionUID = 1L;

    private final Arrivals<T> arrivals;

    UnpackFn(Arrivals<T> arrivals) {
      this.arrivals = arrivals;
    }

    @ProcessElement
    public void process(@Element Integer block, OutputReceiver<T> out) {
      for (T element : arrivals.block(block)) {
        out.outputWithTimestamp(element, Instant.ofEpochMilli(arrivals.time.apply(element)));
      }
    }
  }
}
