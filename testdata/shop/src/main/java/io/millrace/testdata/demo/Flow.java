package io.millrace.testdata.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a pipeline has the shop's changes from, and into which version of the tables they go.
 *
 * @param options of the command line
 */
record Flow(List<String> options) {

  /** All that the shop's topics have, and what comes. */
  static Flow ofTopics(Services services) {
    return new Flow(
        List.of(
            "--kafkaBootstrapServers=" + services.bootstrapServers(),
            "--kafkaTopics=" + String.join(",", Services.topics())));
  }

  /** Goes on where this consumer group is, and says there how far it is. */
  Flow withGroup(String group) {
    return with("--kafkaGroup=" + group);
  }

  /** Begins with what was landed of the topics. */
  Flow fromLanding(Path landing) {
    return with("--fromLanding=" + landing);
  }

  /** Goes into a version of the tables. */
  Flow intoVersion(int version) {
    return with("--targetVersion=" + version);
  }

  private Flow with(String option) {
    return new Flow(with(List.of(option)));
  }

  /** The options of the command line, and more. */
  List<String> with(List<String> more) {
    return Stream.concat(options.stream(), more.stream()).toList();
  }
}
