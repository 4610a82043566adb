package io.millrace.transforms.pattern;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.time.KeyEvent;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Events are letters, one a millisecond: a dot is a millisecond without any. */
class PatternProcessTest {
  private static final Pattern<String> A_THEN_B =
      Pattern.begin("a", letter("a")).followedBy("b", letter("b")).within(Duration.millis(10));

  private static SerializableFunction<String, Boolean> letter(String letter) {
    return letter::equals;
  }

  private static List<KeyEvent> events(String letters) {
    List<KeyEvent> events = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      if (letters.charAt(i) != '.') {
        events.add(RecordedTurn.event(i, letters.substring(i, i + 1)));
      }
    }
    return events;
  }

  private static String alerts(Pattern<String> pattern, String letters) {
    return String.join(", ", RecordedTurn.alerts(pattern, events(letters)));
  }

  @Test
  void followedByPassesOverOthers() {
    assertThat(alerts(A_THEN_B, ".axxb"), is("1a 4b @4"));
    assertThat(alerts(A_THEN_B, "bxa"), is(""));
  }

  @Test
  void nextMustBeTheVeryNext() {
    Pattern<String> next =
        Pattern.begin("a", letter("a")).next("b", letter("b")).within(Duration.millis(10));
    assertThat(alerts(next, "axb.aab"), is("5a 6b @6"));
  }

  @Test
  void theLastEventIsLessThanTheTimeAfterTheFirst() {
    assertThat(alerts(A_THEN_B, "a........b"), is("0a 9b @9"));
    assertThat(alerts(A_THEN_B, "a.........b"), is(""));
  }

  @Test
  void aMatchEndsThoseItOverlaps() {
    assertThat(alerts(A_THEN_B, "aabbab"), is("0a 2b @2, 4a 5b @5"));
  }

  @Test
  void overlappingMatchesAreAllToldIfWanted() {
    assertThat(alerts(A_THEN_B.overlapping(), "aabbab"), is("0a 2b @2, 1a 2b @2, 4a 5b @5"));
  }

  @Test
  void aLaterBeginningTakesOverWhenTheFirstIsTooLongAgo() {
    assertThat(alerts(A_THEN_B, "a...a......b"), is("4a 11b @11"));
  }

  @Test
  void timesWantsAStageSoOften() {
    Pattern<String> pattern =
        Pattern.begin("a", letter("a"))
            .times(3)
            .followedBy("b", letter("b"))
            .within(Duration.millis(10));
    assertThat(alerts(pattern, "aabxaxb"), is("0a 1a 4a 6b @6"));
    Pattern<String> inARow =
        Pattern.begin("b", letter("b")).next("a", letter("a")).times(2).within(Duration.millis(10));
    assertThat(alerts(inARow, "baxabaa"), is("4b 5a 6a @6"));
  }

  @Test
  void absenceAtTheEndIsToldWhenTheTimeIsOver() {
    Pattern<String> pattern =
        Pattern.begin("a", letter("a")).notFollowedBy("b", letter("b")).within(Duration.millis(3));
    assertThat(alerts(pattern, "a.xb"), is("0a @3"));
    assertThat(alerts(pattern, "a.b"), is(""));
    RecordedTurn turn = new RecordedTurn(pattern);
    turn.to(2, events("a"));
    assertThat(turn.alerts(), is(empty()));
    turn.to(3, List.of());
    assertThat(turn.alerts(), is(List.of("0a @3")));
    assertThat(turn.keepsNothing(), is(true));
  }

  @Test
  void absenceInBetweenEndsAMatch() {
    Pattern<String> pattern =
        Pattern.begin("a", letter("a"))
            .notFollowedBy("x", letter("x"))
            .followedBy("b", letter("b"))
            .within(Duration.millis(10));
    assertThat(alerts(pattern, "axbacb"), is("3a 5b @5"));
  }

  @Test
  void whatMayNotComeWinsOverTheNextStage() {
    Pattern<String> pattern =
        Pattern.begin("a", letter("a"))
            .notFollowedBy("no", letter("b"))
            .followedBy("b", letter("b"))
            .within(Duration.millis(10));
    assertThat(alerts(pattern, "ab"), is(""));
  }

  @Test
  void theOldestOfTooManyOpenMatchesIsGivenUp() {
    Pattern<String> pattern = A_THEN_B.overlapping().withMostOpen(2);
    assertThat(alerts(pattern, "aaab"), is("1a 3b @3, 2a 3b @3"));
  }

  @Test
  void nothingIsKeptOnceTheTimeIsOver() {
    RecordedTurn turn = new RecordedTurn(A_THEN_B);
    turn.to(5, events("aa"));
    assertThat(turn.keepsNothing(), is(false));
    turn.to(11, List.of());
    assertThat(turn.keepsNothing(), is(true));
  }

  @Test
  void patternsThatMeanNothingAreRefused() {
    Pattern<String> begin = Pattern.begin("a", letter("a"));
    assertRefused("needs a time", () -> DetectPattern.of("rule", event -> event, begin));
    assertRefused("named \"a\"", () -> begin.followedBy("a", letter("b")));
    assertRefused("longer than 0", () -> begin.within(Duration.ZERO));
    assertRefused("1 or more", () -> begin.times(0));
    assertRefused("of an event that comes", () -> begin.notFollowedBy("b", letter("b")).times(2));
    assertRefused(
        "cannot be next", () -> begin.notFollowedBy("b", letter("b")).next("c", letter("c")));
    assertRefused("needs a name", () -> DetectPattern.of(" ", event -> event, A_THEN_B));
  }

  @Property(tries = 2_000)
  void alertsAreThoseOfTheReferenceWhereverTurnsEnd(@ForAll long seed) {
    Random random = new Random(seed);
    Pattern<String> pattern = pattern(random);
    List<KeyEvent> events = new ArrayList<>();
    long time = 0;
    for (int i = random.nextInt(40); i > 0; i--) {
      time += random.nextInt(4);
      events.add(RecordedTurn.event(time, String.valueOf((char) ('a' + random.nextInt(4)))));
    }
    events.sort(KeyEvent.ORDER);
    List<String> expected = ReferencePattern.alerts(pattern, events);
    assertThat(pattern + "", RecordedTurn.alerts(pattern, events), is(expected));
    assertThat(
        pattern + " in turns", RecordedTurn.alertsInTurns(pattern, events, random), is(expected));
  }

  private static Pattern<String> pattern(Random random) {
    Pattern<String> pattern = Pattern.begin("s0", letters(random)).times(1 + random.nextInt(3));
    boolean negated = false;
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String name = "s" + i;
      switch (random.nextInt(negated ? 2 : 4)) {
        case 0 -> pattern = pattern.notFollowedBy(name, letters(random));
        case 1, 2 -> pattern = pattern.followedBy(name, letters(random));
        default -> pattern = pattern.next(name, letters(random));
      }
      negated = pattern.toString().contains("not " + name);
      if (!negated && random.nextInt(3) == 0) {
        pattern = pattern.times(2);
      }
    }
    pattern = pattern.within(Duration.millis(1 + random.nextInt(20)));
    return random.nextBoolean() ? pattern.overlapping() : pattern;
  }

  /** One or two letters of four. */
  private static SerializableFunction<String, Boolean> letters(Random random) {
    String one = String.valueOf((char) ('a' + random.nextInt(4)));
    String other = String.valueOf((char) ('a' + random.nextInt(4)));
    return event -> event.equals(one) || event.equals(other);
  }

  @Test
  void stateStaysAsItIs() {
    OpenMatches open = new OpenMatches();
    KeyEvent first = new KeyEvent(100, new byte[] {7});
    KeyEvent second = new KeyEvent(-1, new byte[] {8, 9});
    open.matches().add(new ArrayList<>(List.of(first, second)));
    open.matches().add(new ArrayList<>(List.of(second)));
    String golden = "01" + "02" + "c8010107" + "01020809" + "02" + "020001" + "0101";
    assertThat(HexFormat.of().formatHex(open.encode()), is(golden));
    OpenMatches decoded = OpenMatches.decode(HexFormat.of().parseHex(golden));
    assertThat(HexFormat.of().formatHex(decoded.encode()), is(golden));
    assertThrows(IllegalStateException.class, () -> OpenMatches.decode(new byte[] {2}));
  }

  private static void assertRefused(String message, Executable call) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call);
    assertThat(refused.getMessage(), containsString(message));
  }
}
