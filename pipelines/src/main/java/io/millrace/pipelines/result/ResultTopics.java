package io.millrace.pipelines.result;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.write.WriteTopic;
import java.util.List;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The topics that computed rows go to beside the warehouse, as the options say. */
final class ResultTopics {
  private static final String TABLE = "{table}";

  /**
   * Makes sure that there is a topic for each of these tables, if any is wanted.
   *
   * @throws LaunchException if the options do not say which
   * @throws io.millrace.transforms.read.SourceException if one is not there
   */
  static void check(ResultTableOptions options, List<TableContract> tables) {
    String topic = options.getResultsTopic();
    if (topic == null) {
      return;
    }
    if (tables.size() > 1 && !topic.contains(TABLE)) {
      throw LaunchException.input(
          "--resultsTopic="
              + topic
              + ": rows of "
              + String.join(", ", tables.stream().map(TableContract::name).toList())
              + " would be in one topic; write {table} where the table's name is to stand, as in "
              + topic
              + ".{table}");
    }
    tables.forEach(table -> of(options, table).ifPresent(WriteTopic::check));
  }

  /**
   * The topic for the rows of a table; empty if none is wanted.
   *
   * @throws LaunchException if no brokers are given
   */
  static Optional<WriteTopic> of(ResultTableOptions options, TableContract table) {
    String topic = options.getResultsTopic();
    if (topic == null) {
      return Optional.empty();
    }
    String servers =
        first(options.getResultsBootstrapServers(), options.getKafkaBootstrapServers());
    if (servers == null) {
      throw LaunchException.input(
          "--resultsTopic also needs --resultsBootstrapServers=HOST:PORT,...");
    }
    WriteTopic write = WriteTopic.to(servers, topic.replace(TABLE, table.name()));
    String properties = first(options.getResultsKafkaProperties(), options.getKafkaProperties());
    return Optional.of(properties == null ? write : write.withProducerProperties(properties));
  }

  private static @Nullable String first(@Nullable String first, @Nullable String second) {
    return first == null ? second : first;
  }

  private ResultTopics() {}
}
