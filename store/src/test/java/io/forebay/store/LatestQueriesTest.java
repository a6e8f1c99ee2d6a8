package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Questions to a latest store: of memory and of disk, as they are asked and as interactive queries. */
class LatestQueriesTest extends LatestStoreFixture {

    @Test
    void findsByIndex() {
        open(store -> store);
        put("k1", "ax", 1);
        put("k2", "bx", 2);
        put("k3", "axx", 3);
        task.commit();
        put("k4", "ay", 4);
        put("k2", "az", 5);
        put("k3", null, 6);
        for (int i = 0; i < 3; i++) {
            assertThat(keys(LatestByIndexQuery.of("first", "a"))).containsExactly("k1", "k2", "k4");
            assertThat(keys(LatestByIndexQuery.<String, String>of("first", "a").limit(2)))
                    .containsExactly("k1", "k2");
            assertThat(keys(LatestByIndexQuery.of("first", "b"))).isEmpty();
            assertThat(keys(LatestByIndexQuery.of("both", "a"))).containsExactly("k1", "k2", "k4");
            assertThat(keys(LatestByIndexQuery.of("both", "a", 2L))).containsExactly("k1", "k2", "k4");
            assertThat(keys(LatestByIndexQuery.of("both", "a", 3L))).isEmpty();
            commit("other", "other", i);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store().query(LatestByIndexQuery.of("none", "a")))
                .withMessageContaining("there is no index 'none'; the indexes are [first, both]");
        assertThatIllegalArgumentException().isThrownBy(() -> LatestByIndexQuery.of("first"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LatestByIndexQuery.of("first", "a").limit(0));
    }

    /** A key has one row for each of its values, and is found once by each. */
    @Test
    void findsAsManyKeysAsAreAskedFor() {
        EventIndex<String> letters = EventIndex.ofStrings("letters", value -> List.of(value.split("")));
        task.open(LatestStores.builder(
                "samples",
                LatestDefinition.builder(Serdes.String(), Serdes.String())
                        .index(letters)
                        .build()));
        put("k1", "xax", 1);
        put("k2", "xbx", 1);
        put("k3", "xcx", 1);
        for (int round = 0; round < 3; round++) {
            for (int limit = 1; limit <= 3; limit++) {
                assertThat(keys(LatestByIndexQuery.<String, String>of("letters", "x")
                                .limit(limit)))
                        .isEqualTo(List.of("k1", "k2", "k3").subList(0, limit));
            }
            commit("other", "y", round); // moves the others from one set to the next, and to disk
        }
    }

    @Test
    void seesOnlyWhatIsCommittedIfToldSo() {
        open(store -> store);
        commit("k1", "ax", 1);
        put("k2", "ay", 2);
        task.prepareCommit();
        LatestByIndexQuery<String, String> query = LatestByIndexQuery.of("first", "a");
        assertThat(keys(query)).containsExactly("k1", "k2");
        assertThat(keys(query.isolation(IsolationLevel.READ_COMMITTED))).containsExactly("k1");
        assertThat(store().get(new LatestByKeyQuery<>("k2", IsolationLevel.READ_COMMITTED)))
                .isEmpty();
    }

    @Test
    void scansInTheOrderOfKeys() {
        open(store -> store);
        commit("b", "v", 1);
        commit("d", "v", 2);
        commit("f", "v", 3);
        put("c", "v", 4);
        put("d", null, 5);
        assertThat(scan(null, null)).containsExactly("b", "c", "f");
        assertThat(scan("c", "f")).containsExactly("c", "f");
        assertThat(scan("c", "e")).containsExactly("c");
        assertThat(store().getAll(List.of("f", "none", "d", "b", "f")))
                .extracting(Versioned::key)
                .containsExactly("f", "b");
    }

    @Test
    void answersInteractiveQueries() {
        open(store -> store);
        commit("a", "value", 1);
        assertThat(ask(new LatestByKeyQuery<String, String>("a")).map(Versioned::value))
                .contains("value");
        assertThat(ask(LatestByIndexQuery.<String, String>of("first", "v"))).hasSize(1);
        assertThat(ask(new LatestCountQuery())).isEqualTo(1L);
        assertThat(ask(new LatestStatsQuery()).total()).isEqualTo(1);
        QueryResult<EventStoreStats> unknown = result(new EventStatsQuery(), PositionBound.unbounded());
        assertThat(unknown.getFailureReason()).isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
        assertThat(unknown.getFailureMessage()).contains("latest store 'samples' does not answer");
        Position seen = Position.emptyPosition().withComponent(StoreTask.INPUT, 0, task.inputOffset());
        assertThat(result(new LatestCountQuery(), PositionBound.at(seen)).isSuccess())
                .isTrue();
        Position unseen = Position.emptyPosition().withComponent(StoreTask.INPUT, 0, task.inputOffset() + 1);
        assertThat(result(new LatestCountQuery(), PositionBound.at(unseen)).getFailureReason())
                .isEqualTo(FailureReason.NOT_UP_TO_BOUND);
        RocksLatestStore<String, String> closed = store();
        task.close();
        assertThatExceptionOfType(InvalidStateStoreException.class)
                .isThrownBy(() -> closed.get("a"))
                .withMessageContaining("latest store 'samples' is not open");
    }

    private List<String> scan(@Nullable String from, @Nullable String to) {
        List<String> keys = new ArrayList<>();
        try (EventIterator<Versioned<String, String>> found = store().scan(from, to)) {
            found.forEachRemaining(versioned -> keys.add(versioned.key()));
        }
        return keys;
    }

    private <R> R ask(Query<R> query) {
        return Optional.ofNullable(result(query, PositionBound.unbounded()).getResult())
                .orElseThrow();
    }

    private <R> QueryResult<R> result(Query<R> query, PositionBound bound) {
        return store().query(query, bound, new QueryConfig(false));
    }
}
