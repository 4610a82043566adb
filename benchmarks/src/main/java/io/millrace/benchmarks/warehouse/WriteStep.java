package io.millrace.benchmarks.warehouse;

import io.millrace.benchmarks.beam.BeamOnFlink;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.warehouse.Warehouse;
import io.millrace.transforms.warehouse.WriteWarehouse;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnInvoker;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValues;
import org.joda.time.Instant;

/**
 * The step of {@link WriteWarehouse} that writes, driven as a runner drives it: set up once, and
 * called for each event of a bundle. What it puts out is dropped.
 */
final class WriteStep implements AutoCloseable {
  private final DoFn<ChangeEvent, Object> step;
  private final DoFnInvoker<ChangeEvent, Object> invoker;
  private final Arguments arguments = new Arguments();

  WriteStep(Warehouse warehouse, Contract contract, String run) {
    PipelineOptions options = BeamOnFlink.batch();
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(Create.empty(ChangeEventCoder.of()))
        .apply("Warehouse", WriteWarehouse.to(warehouse, contract).withRun(run));
    Finder finder = new Finder();
    pipeline.traverseTopologically(finder);
    this.step = finder.step;
    this.invoker = DoFnInvokers.tryInvokeSetupFor(step, options);
  }

  /** Writes a bundle. */
  void write(List<ChangeEvent> bundle) {
    invoker.invokeStartBundle(arguments);
    for (ChangeEvent event : bundle) {
      arguments.element = event;
      invoker.invokeProcessElement(arguments);
    }
    invoker.invokeFinishBundle(arguments);
  }

  @Override
  public void close() {
    invoker.invokeTeardown();
  }

  /** Finds the step in a pipeline. */
  private static final class Finder extends Pipeline.PipelineVisitor.Defaults {
    private DoFn<ChangeEvent, Object> step;

    @Override
    @SuppressWarnings("unchecked") // as WriteWarehouse applies it
    public void visitPrimitiveTransform(TransformHierarchy.Node node) {
      if (node.getFullName().equals("Warehouse/Write")
          && node.getTransform() instanceof ParDo.MultiOutput<?, ?> write) {
        step = (DoFn<ChangeEvent, Object>) write.getFn();
      }
    }
  }

  /** What a runner passes to the step. */
  private final class Arguments extends DoFnInvoker.BaseArgumentProvider<ChangeEvent, Object>
      implements DoFn.MultiOutputReceiver {
    private ChangeEvent element;

    @Override
    public ChangeEvent element(DoFn<ChangeEvent, Object> called) {
      return element;
    }

    @Override
    public Instant timestamp(DoFn<ChangeEvent, Object> called) {
      return Instant.ofEpochMilli(element.committedAt() / 1_000);
    }

    @Override
    public DoFn.MultiOutputReceiver taggedOutputReceiver(DoFn<ChangeEvent, Object> called) {
      return this;
    }

    @Override
    public DoFn<ChangeEvent, Object>.FinishBundleContext finishBundleContext(
        DoFn<ChangeEvent, Object> called) {
      return new Finish(called);
    }

    @Override
    public <T> DoFn.OutputReceiver<T> get(TupleTag<T> tag) {
      return this::dropped;
    }

    private <T> OutputBuilder<T> dropped(T value) {
      return WindowedValues.<T>builder()
          .setValue(value)
          .setTimestamp(BoundedWindow.TIMESTAMP_MIN_VALUE)
          .setWindow(GlobalWindow.INSTANCE)
          .setPaneInfo(PaneInfo.NO_FIRING)
          .setReceiver(written -> {});
    }

    @Override
    public <T> DoFn.OutputReceiver<Row> getRowReceiver(TupleTag<T> tag) {
      return get(new TupleTag<Row>());
    }

    @Override
    public String getErrorContext() {
      return "the benchmark";
    }
  }

  /** Drops what is put out at a bundle's end. */
  private static final class Finish extends DoFn<ChangeEvent, Object>.FinishBundleContext {
    Finish(DoFn<ChangeEvent, Object> step) {
      step.super();
    }

    @Override
    public PipelineOptions getPipelineOptions() {
      return PipelineOptionsFactory.create();
    }

    @Override
    public void output(Object output, Instant timestamp, BoundedWindow window) {}

    @Override
    public <T> void output(TupleTag<T> tag, T output, Instant timestamp, BoundedWindow window) {}
  }
}
