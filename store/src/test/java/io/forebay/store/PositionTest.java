package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a store says to have come: to the record that had its effect last, and not before it has had it. */
class PositionTest {

    private static final int EVENTS = 50_000;
    private static final int EVENTS_PER_COMMIT = 1_000;

    @TempDir
    File directory;

    private StoreTask<RocksEventStore<Sample>> task;

    @BeforeEach
    void prepare() {
        task = new StoreTask<>(directory, StreamsConfig.EXACTLY_ONCE_V2, new MemoryChangelog());
    }

    @AfterEach
    void close() {
        task.close();
    }

    /** A reader asks for the next event again and again, until the bound lets it through. */
    @Test
    void anAnswerPastABoundHasWhatTheBoundAsksFor() {
        open(store -> store);
        AtomicLong processed = new AtomicLong(StoreTask.NO_INPUT);
        CompletableFuture<Long> missing = CompletableFuture.supplyAsync(() -> {
            long answersWithout = 0;
            while (processed.get() < EVENTS - 1) {
                long next = processed.get() + 1;
                QueryResult<Optional<Sample>> answer = ask(new EventByIdQuery<>("id" + next), next);
                if (answer.isSuccess() && answer.getResult().isEmpty()) {
                    answersWithout++;
                }
            }
            return answersWithout;
        });
        for (int i = 0; i < EVENTS; i++) {
            Sample sample = Sample.of("id" + i, i);
            task.process(() -> task.store().put(sample));
            processed.set(i);
            if (i % EVENTS_PER_COMMIT == 0) {
                task.commit();
            }
        }
        assertThat(missing.join())
                .as("answers past the bound without the event")
                .isZero();
    }

    @Test
    void advancesWithWhateverIsDone() {
        open(store -> store.retention(Duration.ofNanos(100)));
        task.process(() -> task.store().put(Sample.of("a", 1_000)));
        assertThat(task.storeOffset()).isEqualTo(task.inputOffset());
        task.process(() -> task.store().delete("a"));
        assertThat(task.storeOffset()).isEqualTo(task.inputOffset());
        task.process(() -> assertThat(task.store().put(Sample.of("late", 1))).isFalse());
        assertThat(task.storeOffset()).isEqualTo(task.inputOffset());
        task.process(() -> task.store().deleteBefore(Instant.ofEpochSecond(5)));
        assertThat(task.storeOffset()).isEqualTo(task.inputOffset());
        task.process(() -> task.store().deleteBefore(Instant.ofEpochSecond(1))); // nothing to do
        assertThat(task.storeOffset()).isEqualTo(task.inputOffset());
        assertThat(ask(new EventStatsQuery(), task.inputOffset()).isSuccess()).isTrue();
    }

    private <R> QueryResult<R> ask(Query<R> query, long offset) {
        PositionBound bound = PositionBound.at(Position.emptyPosition().withComponent(StoreTask.INPUT, 0, offset));
        return task.store().query(query, bound, new QueryConfig(false));
    }

    private void open(UnaryOperator<EventStoreBuilder<Sample>> change) {
        task.open(change.apply(EventStores.builder("samples", Sample.definition())));
    }
}
