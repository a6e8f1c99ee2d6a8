package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store says about events, queries and definitions it cannot use, and that it stays as it was. */
class InvalidInputTest {

    private static final QueryConfig CONFIG = new QueryConfig(false);

    @Test
    void namesTheEventAndWhatIsWrongWithIt() {
        EventIndex<Sample> failing = EventIndex.ofString("failing", sample -> {
            if ("explode".equals(sample.process())) {
                throw new IllegalStateException("kaboom");
            }
            return "value";
        });
        try (StoreDriver driver = StoreDriver.of(Sample.definition(failing))) {
            driver.transaction(store -> {
                store.put(Sample.of("good", 1));
                assertRefused(store, Sample.of("", 1), "no id");
                assertRefused(store, Sample.of("bad", 1).withProcess("explode"), "'bad'", "'failing'", "kaboom");
                assertRefused(
                        store, Sample.of("long", 1).withProcess("x".repeat(2_000)), "'long'", "maxEventBytes=1000");
                List<Sample> batch = List.of(Sample.of("first", 1), Sample.of("", 2));
                assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> store.putAll(batch));
            });
            assertThat(driver.store().query(EventQuery.all()).events()).containsExactly(Sample.of("good", 1));
        }
    }

    @Test
    void refusesTimestampsOutOfRange() {
        EventDefinition<Sample> definition = EventDefinition.builder(Sample.serde())
                .id(Sample::id)
                .timestamp(sample -> sample.timestampNanos() == 0 ? null : Instant.parse("2300-01-01T00:00:00Z"))
                .build();
        try (StoreDriver driver = StoreDriver.of(definition)) {
            driver.transaction(store -> {
                assertRefused(store, Sample.of("late", 1), "'late'", "2300-01-01", "1678 to 2261");
                assertRefused(store, Sample.of("none", 0), "'none'", "null");
            });
        }
    }

    /** What stands for no time at all would move the time of the store for good. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE, -9_214_560_000_000_000_001L, 9_214_646_400_000_000_000L})
    void refusesNanosecondsOutOfRange(long timestampNanos) {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            driver.transaction(store -> {
                assertRefused(
                        store,
                        Sample.of("odd", timestampNanos),
                        "'odd'",
                        Long.toString(timestampNanos),
                        "1678 to 2261");
                assertThat(store.put(Sample.of("first", -9_214_560_000_000_000_000L)))
                        .isTrue();
                assertThat(store.put(Sample.of("last", 9_214_646_399_999_999_999L)))
                        .isTrue();
            });
        }
    }

    /** Together they make the record in the changelog, which the producer must be able to send. */
    @Test
    void countsTheIdWithTheEvent() {
        EventDefinition<Sample> definition = EventDefinition.builder(Serdes.<Sample>serdeFrom(
                        (topic, sample) -> new byte[600], (topic, bytes) -> Sample.of("never read", 1)))
                .id(Sample::id)
                .timestampNanos(Sample::timestampNanos)
                .maxEventBytes(1_000)
                .build();
        try (StoreDriver driver = StoreDriver.of(definition)) {
            driver.transaction(store -> {
                assertThat(store.put(Sample.of("x".repeat(400), 1))).isTrue();
                assertRefused(
                        store, Sample.of("x".repeat(401), 1), "'xxx", "600 bytes", "id 401", "maxEventBytes=1000");
            });
        }
    }

    @Test
    void refusesAnEventThatTheSerializerMakesNothingOf() {
        EventDefinition<Sample> definition = EventDefinition.builder(
                        Serdes.<Sample>serdeFrom((topic, sample) -> null, (topic, bytes) -> Sample.of("never read", 1)))
                .id(Sample::id)
                .timestampNanos(Sample::timestampNanos)
                .build();
        try (StoreDriver driver = StoreDriver.of(definition)) {
            driver.transaction(store -> assertRefused(store, Sample.of("a", 1), "'a'", "returned null"));
        }
    }

    @Test
    void refusesTextThatIsNoUnicode() {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            driver.transaction(store -> {
                store.put(Sample.of("user-?", 1));
                assertRefused(store, Sample.of("user-\uD800", 1), "user-\\uD800", "not valid Unicode");
                assertRefused(store, Sample.of("a", 1).withProcess("\uDBFF"), "'a'", "'process'", "not valid Unicode");
                for (Runnable use : List.<Runnable>of(
                        () -> store.delete("user-\uD800"),
                        () -> store.get("user-\uD800"),
                        () -> store.contains("user-\uD800"))) {
                    assertThatIllegalArgumentException().isThrownBy(use::run).withMessageContaining("user-\\uD800");
                }
            });
            assertThat(driver.store().stats().total()).isEqualTo(1);
        }
    }

    @Test
    void answersAQuestionItDoesNotUnderstandWithAReason() {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            EventStore<Sample> store = driver.store();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.query(EventQuery.<Sample>all().equal("colour", "red")))
                    .withMessageContainingAll("'colour'", "process", "function", "tag", "size");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.query(EventQuery.<Sample>all().equal("size", "big")))
                    .withMessageContainingAll("'size'", "LONG", "'big'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.query(EventQuery.<Sample>all().equal("function", "a", "b", "c")))
                    .withMessageContainingAll("'function'", "2", "3");
            QueryResult<EventPage<Sample>> failure =
                    store.query(EventQuery.<Sample>all().equal("colour", "red"), PositionBound.unbounded(), CONFIG);
            assertThat(failure.getFailureReason()).isEqualTo(FailureReason.STORE_EXCEPTION);
            assertThat(failure.getFailureMessage()).contains("'colour'", StoreDriver.STORE);
        }
    }

    @Test
    void answersOnlyFromPastTheBoundAskedFor() {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            driver.transaction(store -> store.put(Sample.of("a", 1)));
            EventByIdQuery<Sample> query = new EventByIdQuery<>("a");
            QueryResult<?> present = driver.store().query(query, bound(0), CONFIG);
            assertThat(present.isSuccess()).isTrue();
            assertThat(Objects.requireNonNull(present.getPosition()).getPartitionPositions("in"))
                    .containsEntry(0, 0L);
            QueryResult<?> future = driver.store().query(query, bound(1), CONFIG);
            assertThat(future.getFailureReason()).isEqualTo(FailureReason.NOT_UP_TO_BOUND);
        }
    }

    @Test
    void refusesContradictoryQueries() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventQuery.all().from(now.plusSeconds(1)).to(now))
                .withMessageContainingAll("2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventQuery.all().limit(0))
                .withMessageContaining("limit=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventQuery.all().equal("function", null, null))
                .withMessageContaining("'function'");
    }

    @Test
    void refusesContradictoryDefinitions() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        EventDefinition.builder(Sample.serde()).id(Sample::id).build())
                .withMessageContaining("timestamp");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.definition(Sample.TAG, Sample.TAG))
                .withMessageContaining("'tag'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventIndex.ofString("9 lives", Sample::process))
                .withMessageContaining("'9 lives'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventIndex.composite("pair", Sample.FUNCTION, Sample.TAG))
                .withMessageContainingAll("'function'", "'pair'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "..", "ä", "two words", "a~"})
    void refusesNamesThatNoStoreCanHave(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventStores.builder(name, Sample.definition()))
                .withMessageContaining("'" + name + "'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LatestStores.builder(name, LatestDefinition.of(Serdes.String(), Serdes.String())))
                .withMessageContaining("'" + name + "'");
    }

    @Test
    void refusesNothingAtOnce() {
        EventDefinition.Builder<Sample> definition = EventDefinition.builder(Sample.serde());
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            for (ThrowingCallable use : List.<ThrowingCallable>of(
                    () -> definition.id(Nothing.get()),
                    () -> definition.timestamp(Nothing.get()),
                    () -> definition.timestampNanos(Nothing.get()),
                    () -> EventStores.builder(Nothing.get(), Sample.definition()),
                    () -> driver.store().beforeCommit(Nothing.get()),
                    () -> driver.store().deleteBefore(Nothing.get()))) {
                assertThatNullPointerException().isThrownBy(use);
            }
        }
    }

    private static PositionBound bound(long offset) {
        return PositionBound.at(Position.emptyPosition().withComponent("in", 0, offset));
    }

    private static void assertRefused(EventStore<Sample> store, Sample sample, String... message) {
        assertThatExceptionOfType(InvalidEventException.class)
                .isThrownBy(() -> store.put(sample))
                .withMessageContainingAll(message);
    }
}
