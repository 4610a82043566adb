package io.millrace.testdata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {

  @Test
  void readsAFileWithoutItsLineEnd(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "s3cret\n");
    assertThat(Secret.resolve("file:" + file), is("s3cret"));
    assertThat(Secret.resolve(null), is(nullValue()));
  }

  @Test
  void refusesAPasswordItselfAndDoesNotRepeatIt() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Secret.resolve("s3cret"));
    assertThat(refused.getMessage(), not(containsString("s3cret")));
    assertThrows(IllegalArgumentException.class, () -> Secret.resolve("env:NOT_THERE_AT_ALL"));
  }
}
