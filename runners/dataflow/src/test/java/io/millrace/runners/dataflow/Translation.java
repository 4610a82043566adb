package io.millrace.runners.dataflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.launch.PipelineCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.xerial.snappy.SnappyError;
import org.xerial.snappy.SnappyInputStream;

/** A pipeline as Dataflow would get it, without a network. */
final class Translation {
  /** Set for tests, by this module's build. */
  private static final String PASSWORD = "MILLRACE_TEST_PASSWORD";

  private static final byte[] SNAPPY = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};

  private final RunnerApi.Pipeline pipeline;
  private final byte[] bytes;
  private final String template;

  private Translation(byte[] bytes, String template) throws IOException {
    this.pipeline = RunnerApi.Pipeline.parseFrom(bytes);
    this.bytes = bytes;
    this.template = template;
  }

  /**
   * Translates a pipeline that writes to a warehouse.
   *
   * @param directory for what is written of the job
   * @param more options
   */
  static <O extends PipelineOptions> Translation of(
      PipelineCommand<O> command, Path directory, Path contract, String... more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--contract=" + contract,
                "--warehouseUrl=jdbc:postgresql://db.example.com/warehouse",
                "--warehouseUser=millrace",
                "--warehousePassword=env:" + PASSWORD));
    arguments.addAll(List.of(more));
    return translate(command, directory, arguments);
  }

  /** Translates a pipeline that has these options only. */
  static <O extends PipelineOptions> Translation translate(
      PipelineCommand<O> command, Path directory, List<String> given) throws IOException {
    Path template = directory.resolve("template.json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--project=some-project",
                "--region=europe-west4",
                "--gcpTempLocation=gs://bucket/temp",
                "--templateLocation=" + template));
    arguments.addAll(given);
    O options =
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0])).as(command.options());
    DataflowPipelineOptions dataflow = options.as(DataflowPipelineOptions.class);
    dataflow.setCredentialFactoryClass(NoopCredentialFactory.class);
    dataflow.setPathValidatorClass(NoopPathValidator.class);
    dataflow.setStagerClass(CapturingStager.class);
    dataflow.setFilesToStage(
        List.of(Files.writeString(directory.resolve("staged"), "").toString()));
    dataflow.setRunner(DataflowRunner.class);
    dataflow.setJobName("millrace-" + command.name());
    new DataflowSetup().tune(options, name -> false, command.isUnbounded(options));
    FileSystems.setDefaultPipelineOptions(options);
    Pipeline pipeline = Pipeline.create(options);
    command.build(pipeline, options);
    pipeline.run();
    return new Translation(CapturingStager.bytes(), Files.readString(template));
  }

  /** The steps that Millrace names: a transform of a pipeline, and what is right in it. */
  Set<String> steps() {
    Set<String> steps = new TreeSet<>();
    for (RunnerApi.PTransform transform : transforms().values()) {
      String step = transform.getUniqueName();
      if (!step.isEmpty() && step.chars().filter(c -> c == '/').count() <= 1) {
        steps.add(step);
      }
    }
    return steps;
  }

  /**
   * Holds the steps to the file of this name in {@code src/test/resources/steps}, or writes it if
   * the build was given {@code -Dmillrace.steps=write}.
   */
  void assertSteps(String name) throws IOException {
    assertLines(name, steps());
  }

  /**
   * The same of the steps that keep state, with the ids of its cells and timers, and the coders:
   * what a running job's state was written by.
   */
  void assertStates(String name) throws IOException {
    Set<String> lines = new TreeSet<>();
    states().forEach((step, cells) -> lines.add(step + ": " + String.join(", ", cells)));
    assertLines(name, lines);
  }

  private static void assertLines(String name, Set<String> lines) throws IOException {
    Path file = Path.of("src/test/resources/steps", name + ".txt");
    if ("write".equals(System.getProperty("millrace.steps"))) {
      Files.createDirectories(file.getParent());
      Files.write(file, lines);
    }
    assertThat(
        "a change of names ends the update of running jobs; if it must be, -Dmillrace.steps=write",
        String.join("\n", lines),
        is(String.join("\n", Files.readAllLines(file))));
  }

  private Map<String, RunnerApi.PTransform> transforms() {
    return pipeline.getComponents().getTransformsMap();
  }

  /** The steps that keep state. */
  Set<String> stateful() throws IOException {
    return states().keySet();
  }

  private Map<String, Set<String>> states() throws IOException {
    Map<String, Set<String>> states = new TreeMap<>();
    for (RunnerApi.PTransform transform : transforms().values()) {
      if (transform.getSpec().getUrn().equals("beam:transform:pardo:v1")) {
        RunnerApi.ParDoPayload payload =
            RunnerApi.ParDoPayload.parseFrom(transform.getSpec().getPayload());
        if (payload.getStateSpecsCount() > 0) {
          Set<String> cells = new TreeSet<>();
          payload
              .getTimerFamilySpecsMap()
              .keySet()
              .forEach(id -> cells.add(id.replaceFirst("^ts-", "timer ")));
          payload.getStateSpecsMap().forEach((id, spec) -> cells.add(id + " " + cell(spec)));
          states.put(transform.getUniqueName().replaceFirst("/ParMultiDo.*", ""), cells);
        }
      }
    }
    return states;
  }

  private String cell(RunnerApi.StateSpec spec) {
    return switch (spec.getSpecCase()) {
      case READ_MODIFY_WRITE_SPEC -> coder(spec.getReadModifyWriteSpec().getCoderId());
      case BAG_SPEC -> "bag of " + coder(spec.getBagSpec().getElementCoderId());
      case MAP_SPEC ->
          "map of "
              + coder(spec.getMapSpec().getKeyCoderId())
              + " to "
              + coder(spec.getMapSpec().getValueCoderId());
      default -> spec.getSpecCase().toString();
    };
  }

  /** A coder and what it is made of. */
  private String coder(String id) {
    RunnerApi.Coder coder = pipeline.getComponents().getCodersOrThrow(id);
    String name = id.replaceFirst("\\d+$", "");
    return coder.getComponentCoderIdsCount() == 0
        ? name
        : name + coder.getComponentCoderIdsList().stream().map(this::coder).toList();
  }

  /** The coders of what a step puts out, with what these are made of. */
  Set<String> coders(String step) {
    RunnerApi.PTransform transform =
        transforms().values().stream()
            .filter(candidate -> candidate.getUniqueName().equals(step))
            .findFirst()
            .orElseThrow();
    Set<String> coders = new TreeSet<>();
    for (String output : transform.getOutputsMap().values()) {
      coders.add(coder(pipeline.getComponents().getPcollectionsOrThrow(output).getCoderId()));
    }
    return coders;
  }

  /** Steps that hold no others are Beam's primitives. */
  void assertNothingIsTheRunnersOwn() {
    Set<String> primitives =
        Set.of(
            "beam:transform:impulse:v1",
            "beam:transform:pardo:v1",
            "beam:transform:flatten:v1",
            "beam:transform:group_by_key:v1");
    for (RunnerApi.PTransform transform : transforms().values()) {
      if (transform.getSubtransformsCount() == 0) {
        assertThat(
            transform.getUniqueName(), primitives.contains(transform.getSpec().getUrn()), is(true));
      }
    }
  }

  /** The steps that hold no others. */
  Set<String> leaves() {
    Set<String> leaves = new TreeSet<>();
    for (RunnerApi.PTransform transform : transforms().values()) {
      if (transform.getSubtransformsCount() == 0) {
        leaves.add(transform.getUniqueName());
      }
    }
    return leaves;
  }

  /** What is packed in the pipeline: transforms and coders of Java, serialized and compressed. */
  private String packed() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i + SNAPPY.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + SNAPPY.length, SNAPPY, 0, SNAPPY.length)) {
        unpack(new ByteArrayInputStream(bytes, i, bytes.length - i), all);
      }
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  private static void unpack(InputStream packed, ByteArrayOutputStream all) throws IOException {
    try (SnappyInputStream in = new SnappyInputStream(packed)) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        all.write(next);
      }
    } catch (IOException | SnappyError e) {
      // What follows it in the pipeline is not packed.
    }
  }

  /**
   * The password is neither in the job nor in its display data, and these are not.
   *
   * @param secrets what must not be there either
   */
  void assertNoSecrets(String... secrets) throws IOException {
    String packed = packed();
    String text = new String(bytes, StandardCharsets.ISO_8859_1) + packed + template;
    assertThat("packed parts are looked at", packed, containsString("env:" + PASSWORD));
    assertThat(System.getenv(PASSWORD).length() > 8, is(true));
    assertThat(text, not(containsString(System.getenv(PASSWORD))));
    assertHides(secrets);
  }

  /** None of these is in the job, or in its display data. */
  void assertHides(String... secrets) throws IOException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1) + packed() + template;
    for (String secret : secrets) {
      assertThat(text, not(containsString(secret)));
    }
  }
}
