package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store answers through Kafka Streams: results, positions, and reasons for having none. */
class InteractiveQueriesTest {

    private static final QueryConfig CONFIG = new QueryConfig(false);

    static Stream<Query<?>> queries() {
        return Stream.of(
                EventQuery.<Sample>all(),
                new EventByIdQuery<Sample>("a"),
                new EventsByIdsQuery<Sample>(List.of("a")),
                new EventCountQuery<>(EventQuery.<Sample>all()),
                EventValuesQuery.of("process"),
                new EventStatsQuery());
    }

    static Stream<Query<?>> isolatedQueries() {
        IsolationLevel committed = IsolationLevel.READ_COMMITTED;
        return Stream.of(
                EventQuery.<Sample>all().isolation(committed),
                new EventByIdQuery<Sample>("a", committed),
                new EventsByIdsQuery<Sample>(List.of("a"), committed),
                new EventCountQuery<>(EventQuery.<Sample>all().isolation(committed)),
                EventValuesQuery.of("process").isolation(committed));
    }

    @Test
    void answersEveryKindOfQuery() {
        Sample a = Sample.of("a", 1).withProcess("p");
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            driver.transaction(store -> store.put(a));
            assertThat(queries()
                            .limit(5)
                            .<Object>map(query -> ask(driver, query).getResult()))
                    .containsExactly(
                            new EventPage<>(List.of(a), null), Optional.of(a), Map.of("a", a), 1L, List.of("p"));
            assertThat(ask(driver, new EventStatsQuery()).getResult().total()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("queries")
    void answersOnlyFromPastTheBound(Query<?> query) {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            driver.transaction(store -> {
                store.put(Sample.of("a", 1));
                assertThat(ask(driver, query, 0).isSuccess()).as("%s", query).isTrue();
            });
            QueryResult<?> present = ask(driver, query, 0);
            assertThat(present.isSuccess()).as("%s", query).isTrue();
            assertThat(Objects.requireNonNull(present.getPosition()).getPartitionPositions("in"))
                    .containsEntry(0, 0L);
            QueryResult<?> future = ask(driver, query, 1);
            assertThat(future.getFailureReason()).as("%s", query).isEqualTo(FailureReason.NOT_UP_TO_BOUND);
        }
    }

    /** What is not committed yet does not count, neither as a result nor as a position. */
    @ParameterizedTest
    @MethodSource("isolatedQueries")
    void answersWithWhatIsCommittedOnlyFromPastTheBound(Query<?> query) {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            driver.transaction(store -> store.put(Sample.of("a", 1)));
            driver.transaction(store -> {
                store.put(Sample.of("b", 1));
                assertThat(ask(driver, query, 0).isSuccess()).as("%s", query).isTrue();
                assertThat(ask(driver, query, 1).getFailureReason())
                        .as("%s", query)
                        .isEqualTo(FailureReason.NOT_UP_TO_BOUND);
            });
            assertThat(ask(driver, query, 1).isSuccess()).as("%s", query).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void readsCommittedWithoutAChangelogToo(String guarantee) {
        try (StoreDriver driver = new StoreDriver(
                EventStores.builder(StoreDriver.STORE, Sample.definition()).withLoggingDisabled(), guarantee)) {
            EventCountQuery<Sample> count =
                    new EventCountQuery<>(EventQuery.<Sample>all().isolation(IsolationLevel.READ_COMMITTED));
            driver.transaction(store -> {
                store.put(Sample.of("a", 1));
                assertThat(ask(driver, count).getResult()).isZero();
            });
            assertThat(ask(driver, count, 0).getResult()).isEqualTo(1);
        }
    }

    @Test
    void saysWhatIsWrongWithAQuery() {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            assertRefused(driver, EventQuery.<Sample>all().equal("colour", "red"), "'colour'", "process", "size");
            assertRefused(driver, EventQuery.<Sample>all().equal("size", "big"), "'size'", "LONG", "'big'");
            assertRefused(driver, EventQuery.<Sample>all().between("colour", 1L, 2L), "'colour'", "process");
            assertRefused(driver, EventQuery.<Sample>all().between("process", 1L, 2L), "'process'", "STRING", "range");
            assertRefused(driver, EventQuery.<Sample>all().between("function", 1L, 2L), "'function'", "composite");
            assertRefused(driver, new EventCountQuery<>(EventQuery.<Sample>all().equal("colour", "red")), "'colour'");
            assertRefused(driver, EventValuesQuery.of("colour"), "'colour'");
            assertRefused(driver, EventValuesQuery.of("process", "p"), "'process'", "none is left");
            assertRefused(driver, EventValuesQuery.of("function", 7L), "'module'", "STRING", "'7'");
            assertRefused(driver, EventValuesQuery.of("size").after("big"), "'size'", "LONG", "'big'");
        }
    }

    @Test
    void doesNotAnswerForeignQueries() {
        Query<String> foreign = new Query<>() {};
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            assertThat(ask(driver, foreign).getFailureReason()).isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
        }
    }

    @ParameterizedTest
    @MethodSource("queries")
    void saysThatItIsClosed(Query<?> query) {
        StoreDriver driver = StoreDriver.of(Sample.definition());
        EventStore<Sample> store = driver.store();
        driver.close();
        QueryResult<?> result = store.query(query, PositionBound.unbounded(), CONFIG);
        assertThat(result.getFailureReason()).isEqualTo(FailureReason.NOT_ACTIVE);
        assertThat(result.getFailureMessage()).contains(StoreDriver.STORE, "not open");
    }

    private static void assertRefused(StoreDriver driver, Query<?> query, String... message) {
        QueryResult<?> result = ask(driver, query);
        assertThat(result.isFailure()).as("%s", query).isTrue();
        assertThat(result.getFailureReason()).isEqualTo(FailureReason.STORE_EXCEPTION);
        assertThat(result.getFailureMessage()).contains(StoreDriver.STORE).contains(message);
    }

    private static <R> QueryResult<R> ask(StoreDriver driver, Query<R> query) {
        return driver.store().query(query, PositionBound.unbounded(), CONFIG);
    }

    private static <R> QueryResult<R> ask(StoreDriver driver, Query<R> query, long offset) {
        Position position = Position.emptyPosition().withComponent("in", 0, offset);
        return driver.store().query(query, PositionBound.at(position), CONFIG);
    }
}
