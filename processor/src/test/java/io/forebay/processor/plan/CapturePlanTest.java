package io.forebay.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapturePlanTest {

    @Test
    void everyMemberIsRead() {
        CapturePlan plan = CapturePlan.parse("""
                {"description": "slow files of our own code",
                 "types": {"jdk.FileRead": {"minDuration": "10 ms", "maxPerSecond": 100, "sample": 0.5},
                           "jdk.FileWrite": {},
                           "jdk.SocketRead": {"capture": false}},
                 "otherTypes": {"capture": false},
                 "classes": {"include": ["com.acme.*"], "exclude": ["*$Proxy*"]}}
                """);
        assertThat(plan.description()).isEqualTo("slow files of our own code");
        assertThat(plan.ruleOf("jdk.FileRead")).isEqualTo(new TypeRule(true, Duration.ofMillis(10), 100, 0.5));
        assertThat(plan.ruleOf("jdk.FileWrite")).isEqualTo(TypeRule.ALL);
        assertThat(plan.ruleOf("jdk.SocketRead")).isEqualTo(TypeRule.NONE);
        assertThat(plan.ruleOf("another")).isEqualTo(TypeRule.NONE);
        assertThat(plan.ruleOf(null)).isEqualTo(TypeRule.NONE);
        assertThat(plan.classes()).isEqualTo(new ClassFilter(List.of("com.acme.*"), List.of("*$Proxy*")));
    }

    @Test
    void namesOfTypesAreComparedAsTheyAreWhateverTheMapThinks() {
        SortedMap<String, TypeRule> types = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        types.put("login", TypeRule.NONE);
        CapturePlan plan = new CapturePlan("", types, TypeRule.ALL, ClassFilter.ALL);
        assertThat(plan.ruleOf("login")).isEqualTo(TypeRule.NONE);
        assertThat(plan.ruleOf("LOGIN")).isEqualTo(TypeRule.ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", ".", "..", "a/b"})
    void whatIsNoNameOfATopicIsRefused(String topic) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CapturePlans.open(topic, Map.of("bootstrap.servers", "unused:1")))
                .withMessageContaining("topic=\"" + topic + '"');
    }

    @Test
    void closedPlansSayThatTheyAreClosed() {
        CapturePlans plans = CapturePlans.open("plans", Map.of("bootstrap.servers", "127.0.0.1:1"));
        plans.close();
        plans.close();
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> plans.put("p", CapturePlan.EVERYTHING, CapturePlans.ANY),
                () -> plans.delete("p", CapturePlans.ANY),
                () -> plans.follow("p", plan -> {}))) {
            assertThatIllegalStateException().isThrownBy(use).withMessageContainingAll("plans", "closed");
        }
    }

    @Test
    void whatIsNotThereLeavesNothingOut() {
        assertThat(CapturePlan.parse("{}")).isEqualTo(CapturePlan.EVERYTHING);
        assertThat(CapturePlan.EVERYTHING.ruleOf("any")).isEqualTo(TypeRule.ALL);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        CapturePlan plan = CapturePlan.EVERYTHING
                .with("a/b~c \"d\"", TypeRule.ALL.withMinDuration(Duration.ofNanos(1_500)))
                .with("none", TypeRule.NONE)
                .withOtherTypes(TypeRule.ALL.withMaxPerSecond(7).withSample(0.25))
                .withClasses(new ClassFilter(List.of("a.*", "b"), List.of("*c")));
        assertThat(CapturePlan.parse(plan.toJson())).isEqualTo(plan);
        assertThat(CapturePlan.parse(CapturePlan.EVERYTHING.toJson())).isEqualTo(CapturePlan.EVERYTHING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                            | ``                     | expected an object",
                "                                              | ``                     | is empty",
                "{\"types\": {}                                | ``                     | line 1, column",
                "{} {}                                         | ``                     | is no JSON",
                "{\"types\": {}, \"types\": {}}                | ``                     | Duplicate field 'types'",
                "{\"type\": {}}                                | /type                  | classes, description, otherTypes",
                "{\"types\": []}                               | /types                 | is []; expected an object",
                "{\"types\": {\"a\": true}}                    | /types/a               | is true; expected an object",
                "{\"types\": {\"a/b\": {\"x\": 1}}}            | /types/a~1b/x          | is unknown",
                "{\"types\": {\"jdk.*\": {}}}                  | /types                 | 'jdk.*' is no name of a type",
                "{\"types\": {\"a\": {\"capture\": 1}}}        | /types/a/capture       | expected true or false",
                "{\"types\": {\"a\": {\"minDuration\": 5}}}    | /types/a/minDuration   | expected a text",
                "{\"types\": {\"a\": {\"minDuration\": \"5\"}}} | /types/a/minDuration  | '5' is no duration",
                "{\"types\": {\"a\": {\"minDuration\": \"2000h\"}}} | /types/a          | must be from 0 to 24 hours",
                "{\"types\": {\"a\": {\"minDuration\": \"999999999999999h\"}}} | /types/a | must be from 0 to 24 hours",
                "{\"types\": {\"a\": {\"maxPerSecond\": 1.5}}} | /types/a/maxPerSecond  | expected a whole number",
                "{\"types\": {\"a\": {\"maxPerSecond\": 0}}}   | /types/a               | maxPerSecond=0",
                "{\"types\": {\"a\": {\"maxPerSecond\": 9999999999}}} | /types/a/maxPerSecond | expected a whole number",
                "{\"types\": {\"a\": {\"sample\": 0}}}         | /types/a               | sample=0.0",
                "{\"types\": {\"a\": {\"sample\": 1.1}}}       | /types/a               | sample=1.1",
                "{\"types\": {\"a\": {\"capture\": false, \"sample\": 0.5}}} | /types/a | leave one of them out",
                "{\"otherTypes\": null}                        | /otherTypes            | is null; expected an object",
                "{\"classes\": {\"include\": \"a\"}}           | /classes/include       | expected a list of texts",
                "{\"classes\": {\"include\": [\"a\", 1]}}      | /classes/include/1     | is 1; expected a text",
                "{\"classes\": {\"exclude\": [\"\"]}}          | /classes               | is no name of a class",
            })
    void whatIsWrongIsNamed(String json, String pointer, String message) {
        assertThatExceptionOfType(InvalidPlanException.class)
                .isThrownBy(() -> CapturePlan.parse(json == null ? "" : json))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.pointer()).isEqualTo(pointer))
                .satisfies(e -> assertThat(e.getMessage()).startsWith(pointer));
    }

    @Test
    void aDocumentIsBounded() {
        String pattern = "a".repeat(1_000);
        String large =
                "{\"classes\": {\"include\": [\"" + String.join("\", \"", Collections.nCopies(70, pattern)) + "\"]}}";
        assertThatExceptionOfType(InvalidPlanException.class)
                .isThrownBy(() -> CapturePlan.parse(large))
                .withMessageContaining("65536 are allowed");
        assertThatExceptionOfType(InvalidPlanException.class)
                .isThrownBy(() -> CapturePlan.parse("[".repeat(1_000)))
                .withMessageContaining("is no JSON");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClassFilter(Collections.nCopies(101, "a"), List.of()))
                .withMessageContaining("include has 101 patterns");
    }

    @ParameterizedTest
    @CsvSource({
        "0 ns, PT0S, 0ms",
        "1500ns, PT0.0000015S, 1500ns",
        "20 ms, PT0.02S, 20ms",
        "1000ms, PT1S, 1s",
        "90s, PT1M30S, 90s",
        "120s, PT2M, 2m",
        "24h, PT24H, 24h"
    })
    void durationsHaveAUnit(String text, Duration duration, String canonical) {
        assertThat(PlanDuration.parse(text)).isEqualTo(duration);
        assertThat(PlanDuration.format(duration)).isEqualTo(canonical);
        assertThat(PlanDuration.parse(canonical)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "ms", "-5ms", "1.5ms", "5 min", "PT5S", "5ms ", "1234567890123456s"})
    void otherTextsAreNoDurations(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlanDuration.parse(text))
                .withMessageContaining("'" + text + "'");
    }
}
