package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.forebay.store.internal.streams.HandDrivenTask;
import java.io.File;
import java.lang.Thread.State;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store is closed when it is of no use, and not while something is being written: that would go to a database that is gone, and take the
 * process along.
 *
 * <p>Events are replaced by restoring. The thread that writes looks at each event that is replaced, and is held up at the first of a batch.
 */
class ClosingTest {

    private static final String REPLACED = "replaced";
    private static final String REPLACEMENT = "x".repeat(300);
    private static final int BATCH = Restoration.BULK_RECORDS;
    private static final int EVENTS = 3 * BATCH;

    /** So little that two batches are written at once, and one waits for more. */
    private static final long MAX_BYTES = 1_350_000;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final MemoryChangelog changelog = new MemoryChangelog();
    private final StoreTask<RocksEventStore<Sample>> task;
    private final Gate first = new Gate();
    private final Gate second = new Gate();
    private final Map<String, Gate> gates = Map.of("id0", first, "id" + 2 * BATCH, second);
    private volatile boolean gated;

    ClosingTest(@TempDir File directory) {
        task = new StoreTask<>(directory, StreamsConfig.AT_LEAST_ONCE, changelog);
    }

    @AfterEach
    void close() {
        task.close();
    }

    @Test
    void isClosedWhenKafkaStreamsDoesNotTakeIt() {
        task.refuseStores(true);
        assertThatIllegalStateException().isThrownBy(this::open).withMessageContaining("no store is registered");
        task.refuseStores(false);
        open();
        assertThat(task.store().stats().total()).isZero();
    }

    @Test
    void waitsForWhatIsBeingRestored() throws Exception {
        beginToRestore();
        Thread closing = new Thread(task::close);
        closing.start();
        awaitStillness(closing);
        boolean waits = closing.isAlive();
        first.open(waits);
        closing.join();
        assertThat(waits).as("waits").isTrue();
        open();
        assertThat(task.restoredOffset()).as("written").isEqualTo(EVENTS + 2L * BATCH);
    }

    /** The reader waits for the first write, to have the rest written then; and so does whoever closes. */
    @RepeatedTest(5)
    void waitsForWhatAReaderHasWritten() throws Exception {
        closeWhileAReaderWrites(true);
    }

    /** The reader comes when the store is already being closed. */
    @RepeatedTest(5)
    void turnsAwayWhoComesLate() throws Exception {
        closeWhileAReaderWrites(false);
    }

    private void closeWhileAReaderWrites(boolean readerFirst) throws InterruptedException {
        beginToRestore();
        task.restoreNext(BATCH);
        RocksEventStore<Sample> store = task.store();
        Thread reading = new Thread(() -> read(store));
        Thread closing = new Thread(task::close);
        for (Thread next : readerFirst ? List.of(reading, closing) : List.of(closing, reading)) {
            next.start();
            awaitStillness(next);
        }
        first.open(true);
        await(() -> second.isReached() || !closing.isAlive());
        if (second.isReached()) {
            awaitStillness(reading, closing);
        }
        boolean waits = closing.isAlive() || !second.isReached();
        second.open(waits);
        closing.join();
        reading.join();
        assertThat(waits).as("waits").isTrue();
    }

    private static void read(RocksEventStore<Sample> store) {
        try {
            store.contains("id0");
        } catch (InvalidStateStoreException e) {
            // closed before it could answer
        }
    }

    /** Fills the store, and has two batches of replacements restored: the write has begun, and is held up. */
    private void beginToRestore() {
        open();
        IntStream.range(0, EVENTS)
                .mapToObj(i -> Sample.of("id" + i, i).withProcess(REPLACED))
                .forEach(sample -> task.process(() -> task.store().put(sample)));
        task.commit();
        task.close();
        EventCodec<Sample> codec = new EventCodec<>(Sample.definition(), "elsewhere", new int[4]);
        for (int i = 0; i < EVENTS; i++) {
            EventRow replacement = codec.prepare(Sample.of("id" + i, i).withProcess(REPLACEMENT))
                    .row();
            changelog.append(replacement.id(), replacement.payload(), 0, HandDrivenTask.noHeaders());
        }
        changelog.commit();
        open();
        gated = true;
        task.restoreNext(2 * BATCH);
        await(first::isReached);
    }

    private void open() {
        EventIndex<Sample> process = EventIndex.ofString("process", this::processOf);
        task.open(EventStores.builder("samples", Sample.definition(process)).maxUncommittedBytes(MAX_BYTES));
    }

    private @Nullable String processOf(Sample sample) {
        Gate gate = gates.get(sample.id());
        if (gated && gate != null && REPLACED.equals(sample.process())) {
            gate.pass();
        }
        return sample.process();
    }

    /** Waits until all of them wait, or are done. */
    private static void awaitStillness(Thread... threads) {
        await(() -> Arrays.stream(threads).allMatch(thread -> thread.getState() == State.WAITING || !thread.isAlive()));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("patience").isNegative();
            Thread.onSpinWait();
        }
    }

    /** Where the thread that writes is held up. */
    private static final class Gate {

        private volatile boolean reached;
        private final CompletableFuture<@Nullable Void> passage = new CompletableFuture<>();

        void pass() {
            reached = true;
            passage.join();
        }

        boolean isReached() {
            return reached;
        }

        /** Lets the write go on; or fail, where it would meet a database that is closed. */
        void open(boolean goOn) {
            if (goOn) {
                passage.complete(null);
            } else {
                passage.completeExceptionally(new IllegalStateException("it has been closed under a write"));
            }
        }
    }
}
