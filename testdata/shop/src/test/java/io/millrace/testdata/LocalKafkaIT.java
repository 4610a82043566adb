package io.millrace.testdata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class LocalKafkaIT {

  @Test
  void startsAgainOnItsPortWithItsRecordsAfterAStop() throws Exception {
    try (LocalKafka kafka = LocalKafka.start()) {
      Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
      kafka.createTopics(2, List.of("kept"));
      try (KafkaProducer<String, String> producer =
              new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
          Admin admin = Admin.create(settings)) {
        send(producer, "before");
        kafka.stop();
        kafka.startAgain();
        assertThat("the next offset", send(producer, "after"), is(1L));
        assertThat(
            admin
                .describeTopics(List.of("kept"))
                .allTopicNames()
                .get()
                .get("kept")
                .partitions()
                .size(),
            is(2));
      }
    }
  }

  private static long send(KafkaProducer<String, String> producer, String value) throws Exception {
    return producer
        .send(new ProducerRecord<>("kept", 0, null, value))
        .get(30, TimeUnit.SECONDS)
        .offset();
  }
}
