package io.forebay.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.event.Event;
import io.forebay.store.EventDefinition;
import io.forebay.store.EventIndex;
import io.forebay.store.EventQuery;
import io.forebay.store.EventQuery.Condition;
import io.forebay.store.EventQuery.Equal;
import io.forebay.store.Order;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParametersTest {

    private final QueryParameters<Event> parameters = new QueryParameters<>(Samples.DEFINITION, 5_000);

    @Test
    void nothingGivenMeansEverythingOldestFirst() {
        EventQuery<Event> query = parse();
        assertThat(query.from()).isNull();
        assertThat(query.to()).isNull();
        assertThat(query.conditions()).isEmpty();
        assertThat(query.limit()).isEqualTo(1_000);
        assertThat(query.order()).isEqualTo(Order.ASC);
    }

    @Test
    void theDefaultLimitIsNotAboveTheMaximum() {
        assertThat(new QueryParameters<>(Samples.DEFINITION, 10).parse(Map.of()).limit())
                .isEqualTo(10);
    }

    @Test
    void everyPartOfEveryIndexIsAParameter() {
        assertThat(parameters.filters()).containsExactly("process", "module", "function", "correlation", "type");
        assertThat(parse("process", "p", "module", "m", "function", "f", "correlation", "c", "type", "t")
                        .conditions())
                .containsExactly(
                        condition("process", "p"),
                        condition("function", "m", "f"),
                        condition("correlation", "c"),
                        condition("type", "t"));
    }

    @Test
    void partsOfACompositeIndexMayStandAlone() {
        assertThat(parse("module", "m").conditions()).containsExactly(condition("function", "m", null));
        assertThat(parse("function", "f").conditions()).containsExactly(condition("function", null, "f"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:00:00Z,           2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.000000001Z, 2026-01-31T12:00:00.000000001Z",
        "2026-01-31T13:00:00+01:00,      2026-01-31T12:00:00Z",
        "2026-01-31T13:00:00 01:00,      2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00,            2026-01-31T12:00:00Z",
        "2026-01-31T12:00,               2026-01-31T12:00:00Z",
        "2026-01-31,                     2026-01-31T00:00:00Z",
        "1769860800123,                  2026-01-31T12:00:00.123Z",
        "-1,                             1969-12-31T23:59:59.999Z",
        "0,                              1970-01-01T00:00:00Z",
    })
    void timesComeInManyForms(String text, Instant expected) {
        assertThat(parse("from", text).from()).isEqualTo(expected);
        assertThat(parse("to", text).to()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from    | yesterday            | 'yesterday' is no time",
                "from    | 2026-13-01           | '2026-13-01' is no time",
                "to      | 2026-02-30T00:00:00Z | is no time",
                "to      | 1769860800123456789  | is no time",
                "to      | 176986080012345678   | outside the years 1678 to 2261",
                "from    | 1500-01-01           | outside the years 1678 to 2261",
                "limit   | 0                    | from 1 to 5000",
                "limit   | 5001                 | from 1 to 5000",
                "limit   | 99999999999999999999 | from 1 to 5000",
                "limit   | -3                   | from 1 to 5000",
                "limit   | ten                  | from 1 to 5000",
                "order   | up                   | asc (oldest first) or desc",
                "process | ''                   | has no value",
                "proces  | main                 | there are from, to, process, module, function, correlation, type, limit, order",
            })
    void badValuesAreNamed(String parameter, String value, String reason) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> parse(parameter, value))
                .withMessageContaining(reason)
                .satisfies(e -> {
                    assertThat(e.problem().status()).isEqualTo(400);
                    assertThat(e.problem().extensions().path("parameter").textValue())
                            .isEqualTo(parameter);
                    assertThat(e.problem().extensions().path("value").textValue())
                            .isEqualTo(value);
                });
    }

    @Test
    void aRangeThatIsUpsideDownNamesBothEnds() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> parse("from", "2026-02-01", "to", "2026-01-01"))
                .withMessage("from '2026-02-01' is after to '2026-01-01'");
    }

    @Test
    void aParameterIsGivenOnce() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> parameters.parse(Map.of("process", List.of("a", "b"))))
                .withMessage("process is given 2 times; give it once");
    }

    @Test
    void valuesHaveTheTypeOfTheirIndex() {
        var numbers = new QueryParameters<>(definition(EventIndex.ofLong("duration", Event::getDurationNanos)), 10);
        assertThat(numbers.parse(Map.of("duration", List.of("42"))).conditions())
                .containsExactly(condition("duration", 42L));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> numbers.parse(Map.of("duration", List.of("long"))))
                .withMessage("duration: 'long' is not a whole number");
    }

    @Test
    void anIndexMayNotTakeTheNameOfAnotherParameter() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueryParameters<>(definition(EventIndex.ofString("limit", Event::getType)), 10))
                .withMessageContaining("'limit'");
    }

    private static EventDefinition<Event> definition(EventIndex<Event> index) {
        return EventDefinition.builder(AvroSerdes.specific(Event.class).build())
                .id(Event::getId)
                .timestamp(Event::getTimestamp)
                .index(index)
                .build();
    }

    private static Condition condition(String index, @Nullable Object... values) {
        return new Equal(index, Arrays.asList(values));
    }

    private EventQuery<Event> parse(String... namesAndValues) {
        Map<String, List<String>> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return parameters.parse(map);
    }
}
