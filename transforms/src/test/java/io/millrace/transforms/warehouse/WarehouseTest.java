package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.warehouse.WarehouseException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarehouseTest {
  private static final String URL = "jdbc:postgresql://localhost:5432/shop";

  @ParameterizedTest
  @ValueSource(
      strings = {
        URL + "?password=hunter2",
        URL + "?user=me&PASSWORD=hunter2",
        URL + "?sslpassword=hunter2",
        "jdbc:postgresql://me:hunter2@localhost/shop",
      })
  void passwordInTheUrlIsRefusedAndNotRepeated(String url) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Warehouse.at(url));
    assertThat(
        refused.getMessage(),
        allOf(containsString("file:PATH or env:NAME"), not(containsString("hunter2"))));
  }

  @Test
  void urlOfAnotherDatabaseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Warehouse.at("jdbc:mysql://localhost/shop"));
  }

  @Test
  void passwordItselfIsRefusedAndNotRepeated() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> Warehouse.at(URL).withPassword("hunter2"));
    assertThat(
        refused.getMessage(), allOf(containsString("file:PATH"), not(containsString("hunter2"))));
  }

  @Test
  void passwordIsReadWhereItIsNeeded(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), "hun ter2 \n");
    assertThat(SecretReference.parse("file:" + file).resolve(), is("hun ter2 "));
    assertThat(
        "as Beam's file systems name it",
        SecretReference.parse("file:file://" + file).resolve(),
        is("hun ter2 "));
    assertThat(SecretReference.parse("env:PATH").resolve(), is(System.getenv("PATH")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:/no/such/file",
        "file:file:///no/such",
        "file:nowhere://x",
        "env:NO_SUCH_VARIABLE"
      })
  void missingPasswordIsOfTheEnvironment(String reference) {
    WarehouseException missing =
        assertThrows(WarehouseException.class, () -> SecretReference.parse(reference).resolve());
    assertThat(missing.category(), is(Category.ENVIRONMENT));
    assertThat(
        missing.getMessage(), containsString(reference.substring(reference.indexOf(':') + 1)));
  }

  @Test
  void nothingThatIsShownOrSentHoldsThePassword(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), "hunter2");
    Warehouse warehouse = Warehouse.at(URL).withUser("me").withPassword("file:" + file);
    assertThat(warehouse.toString(), is(URL + " as me"));
    assertThat(DisplayData.from(warehouse).toString(), not(containsString("hunter2")));
    assertThat(
        new String(
            SerializableUtils.serializeToByteArray(warehouse),
            java.nio.charset.StandardCharsets.ISO_8859_1),
        not(containsString("hunter2")));
  }

  @Test
  void settingsAreChecked() {
    Warehouse warehouse = Warehouse.at(URL);
    assertThrows(IllegalArgumentException.class, () -> warehouse.withBatchEvents(0));
    assertThrows(IllegalArgumentException.class, () -> warehouse.withBatchBytes(0));
    assertThrows(IllegalArgumentException.class, () -> warehouse.withSchema(""));
    assertThrows(IllegalArgumentException.class, () -> warehouse.withSchema("x".repeat(64)));
  }
}
