package io.millrace.transforms.registry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.avro.SchemaRegistryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.beam.sdk.util.FluentBackoff;
import org.apache.beam.sdk.util.SerializableUtils;
import org.joda.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSchemaRegistryTest {
  private static final FluentBackoff QUICK =
      FluentBackoff.DEFAULT.withInitialBackoff(Duration.millis(1)).withMaxRetries(2);

  private LocalRegistry server;

  @BeforeEach
  void startServer() throws Exception {
    server = LocalRegistry.start();
    server.put(7, "{\"type\":\"string\"}");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private HttpSchemas schemas() {
    return new HttpSchemas(HttpSchemaRegistry.at(server.url() + "/"), QUICK);
  }

  @Test
  void schemaIsFoundByItsNumber() {
    assertThat(schemas().find(7), equalTo("{\"type\":\"string\"}"));
    assertThat(schemas().find(8), is(nullValue()));
    assertThat(server.requests(), contains("/schemas/ids/7", "/schemas/ids/8"));
  }

  @Test
  void apicurioIsAskedItsOwnWay() {
    HttpSchemaRegistry apicurio = HttpSchemaRegistry.at(server.url() + "/apis/registry/v2");
    apicurio.check();
    assertThat(apicurio.open().find(7), equalTo("{\"type\":\"string\"}"));
    assertThat(apicurio.open().find(8), is(nullValue()));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void failureThatPassesIsWaitedFor(int status) {
    server.fail(2, status);
    assertThat(schemas().find(7), equalTo("{\"type\":\"string\"}"));
    assertThat(server.requests(), hasSize(3));
  }

  @Test
  void failureThatStaysFailsTheRun() {
    server.fail(3, 503);
    assertThat(failure(schemas()), containsString("answers with status 503"));
    assertThat(server.requests(), hasSize(3));
  }

  @Test
  void registryThatIsNotThereFailsTheRun() {
    HttpSchemas schemas = schemas();
    server.close();
    assertThat(failure(schemas), containsString(server.url() + " cannot be reached"));
  }

  @Test
  void answerThatIsNoSchemaFailsTheRun() throws Exception {
    HttpSchemas types =
        new HttpSchemas(HttpSchemaRegistry.at(server.url() + "/apis/registry/v2/ids"), QUICK);
    assertThat(types.find(7), is(nullValue()));
    server.put(9, "");
    HttpSchemas apicurioAsConfluent =
        new HttpSchemas(
            HttpSchemaRegistry.at(server.url() + "/apis/registry/v2/ids/globalIds/7?x="), QUICK);
    assertThat(failure(apicurioAsConfluent), containsString("does not answer as Confluent's"));
  }

  @Test
  void passwordIsReadWhereItIsAndSent(@TempDir Path directory) throws Exception {
    String access =
        Base64.getEncoder().encodeToString("ann:s3cret".getBytes(StandardCharsets.UTF_8));
    server.requireAuthorization("Basic " + access);
    Path password = Files.writeString(directory.resolve("password"), "s3cret\n");
    HttpSchemaRegistry registry =
        SerializableUtils.clone(
            HttpSchemaRegistry.at(server.url()).withUser("ann", "file:" + password));
    assertThat(registry.open().find(7), equalTo("{\"type\":\"string\"}"));
    assertThat(registry.toString(), equalTo(server.url()));
    assertThat(failure(schemas()), containsString("status 401"));
    assertThat(server.requests(), hasSize(2));
  }

  @Test
  void urlThatLeadsNowhereIsFoundAtOnce() {
    HttpSchemaRegistry.at(server.url()).check();
    HttpSchemaRegistry elsewhere = HttpSchemaRegistry.at(server.url() + "/registry");
    assertThat(
        assertThrows(SchemaRegistryException.class, elsewhere::check).getMessage(),
        containsString("has no /schemas/types"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:8081", "file:/tmp", "http://ann:s3cret@localhost"})
  void urlThatIsNoneOrHoldsAPasswordIsRefused(String url) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> HttpSchemaRegistry.at(url));
    assertThat(refused.getMessage().contains("s3cret"), is(false));
  }

  private static String failure(HttpSchemas schemas) {
    return assertThrows(SchemaRegistryException.class, () -> schemas.find(7)).getMessage();
  }
}
