package io.millrace.pipelines.detect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleReaderTest {
  private static final Path EXAMPLES = Path.of("../docs/examples");
  private static final String RULES = read(EXAMPLES.resolve("payments.rules.yaml"));
  private static final Contract CONTRACT =
      Contract.parse(read(EXAMPLES.resolve("payments.odcs.yaml")), "payments");

  @Test
  void theExampleStandsInTheDocumentation() {
    assertThat(read(EXAMPLES.resolveSibling("patterns.md")), containsString(RULES));
  }

  @Test
  void theExampleHasThreeRules() {
    assertThat(
        RuleReader.read(RULES, "r.yaml", CONTRACT).stream().map(EventRule::name).toList(),
        is(java.util.List.of("card_testing", "velocity", "unusual_amount")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "times: 3 | tims: 3 | r.yaml: rule card_testing: pattern: step small: has the field tims,"
            + " which is unknown; known are name, where, times, next, not",
        "velocity: { | speed: { | rule velocity: has the field speed, which is unknown",
        "amount < 2 | price < 2 | step small: names price, which is no column of the event payments;"
            + " it has id, at, card, amount, status",
        "amount < 2 | amount < | step small: where is no expression: amount <:",
        "key: card | key: cart | rule card_testing: names cart, which is no column",
        "event: payments | event: payment | is about the event payment, which the contract does not"
            + " have; it has payments",
        "within: PT10M | within: 10m | pattern: has within: \"10m\"; it must be a duration in ISO"
            + " 8601 such as PT10M",
        "moreThan: 5 | moreThan: 0 | rule velocity: the usual number of events must be 1 or more",
        "moreThan: 5 | moreThan: many | velocity: has moreThan: \"many\"; it must be a number",
        "moreThan: 5, | '' | velocity: needs the field moreThan: a number",
        "name: large, | 'name: small,' | rule card_testing: two stages of a pattern are named",
        "name: velocity | name: card_testing | rule card_testing: its name stands twice",
        "times: 3 | not: true | step small: is the first",
        "deviation: { | 'velocity: {moreThan: 1, within: PT1S}, deviation: {' | is not YAML",
        "rules: | 'rules: [' | r.yaml is not YAML",
      })
  void aMistakeIsToldWithItsPlaceAndItsRemedy(String right, String wrong, String told) {
    String rules = RULES.replaceFirst(java.util.regex.Pattern.quote(right), wrong);
    assertThat("the example has " + right, rules.equals(RULES), is(false));
    LaunchException thrown =
        assertThrows(LaunchException.class, () -> RuleReader.read(rules, "r.yaml", CONTRACT));
    assertThat(thrown.getMessage(), containsString(told));
  }

  @Test
  void aRuleLooksForOneThing() {
    String rules =
        "rules: [{name: both, event: payments, key: card, velocity: {moreThan: 1, within: PT1S},"
            + " deviation: {of: amount}}]";
    assertThat(
        assertThrows(LaunchException.class, () -> RuleReader.read(rules, "r.yaml", CONTRACT))
            .getMessage(),
        is(
            "--rules: r.yaml: rule both: must have one of pattern, velocity, deviation; it has"
                + " velocity, deviation"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
