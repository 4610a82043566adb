package io.millrace.runners.dataflow;

import com.google.api.services.dataflow.model.DataflowPackage;
import java.util.List;
import org.apache.beam.runners.dataflow.util.PackageUtil.StagedFile;
import org.apache.beam.runners.dataflow.util.Stager;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Stages nothing, and keeps the pipeline that would have been. */
public final class CapturingStager implements Stager {
  private static byte @Nullable [] pipeline;

  /** What Beam makes it with. */
  public static CapturingStager fromOptions(PipelineOptions options) {
    return new CapturingStager();
  }

  /** The pipeline that was staged last, as bytes. */
  static byte[] bytes() {
    return pipeline.clone();
  }

  @Override
  public List<DataflowPackage> stageFiles(List<StagedFile> files) {
    return files.stream().map(file -> named(file.getDestination())).toList();
  }

  @Override
  public DataflowPackage stageToFile(byte[] bytes, String name) {
    if (name.startsWith("pipeline")) {
      pipeline = bytes.clone();
    }
    return named(name);
  }

  private static DataflowPackage named(String name) {
    return new DataflowPackage().setName(name).setLocation("gs://bucket/staging/" + name);
  }
}
