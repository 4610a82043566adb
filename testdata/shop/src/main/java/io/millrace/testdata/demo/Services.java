package io.millrace.testdata.demo;

import io.millrace.testdata.Database;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.shop.Shop;
import java.nio.file.Path;
import java.util.List;

/** Where the shop's database, its topics, the warehouse and the dead letters are. */
record Services(Database source, String bootstrapServers, Database warehouse, Path deadLetters) {

  /** The topics that Debezium writes, one a table. */
  static List<String> topics() {
    return Shop.physicalNames().stream().map(table -> "shop." + table).toList();
  }

  /** How many records the topics hold. */
  long records() {
    return LocalKafka.countRecords(bootstrapServers, topics());
  }
}
