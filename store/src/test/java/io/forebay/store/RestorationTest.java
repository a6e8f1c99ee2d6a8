package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is restored in bulk is written later, and nobody notices. */
class RestorationTest {

    private static final int EVENTS = 4 * Restoration.BULK_RECORDS;
    private static final EventQuery<Sample> ALL = EventQuery.<Sample>all().limit(Integer.MAX_VALUE);

    /** So little that every second batch is written. */
    private static final long MAX_BYTES = 600_000;

    private final File directory = Path.of("target", "state", "restoration-" + Long.toString(System.nanoTime(), 36))
            .toFile();
    private final MemoryChangelog changelog = new MemoryChangelog();
    private final StoreTask<RocksEventStore<Sample>> task =
            new StoreTask<>(directory, StreamsConfig.AT_LEAST_ONCE, changelog);

    @BeforeEach
    void fillChangelog() {
        open();
        IntStream.range(0, EVENTS).forEach(i -> task.process(() -> task.store().put(Sample.of("id" + i, i))));
        task.commit();
        task.process(() -> task.store().delete("id3"));
        task.commit();
        task.close();
        task.loseDisk();
        open();
    }

    @AfterEach
    void delete() throws Exception {
        task.close();
        Utils.delete(directory);
    }

    /** As readers of a standby do. */
    @Test
    void isSeenAtOnce() {
        while (task.restoreNext(Restoration.BULK_RECORDS)) {
            assertThat(stored()).containsExactlyInAnyOrderElementsOf(restored().values());
            assertThat(task.store().stats().total()).isEqualTo(restored().size());
        }
        assertThat(restored()).hasSize(EVENTS - 1);
    }

    @Test
    void isThereForWhatIsPutNext() {
        task.restore(EVENTS + 1); // one large batch, which nobody has looked at
        task.process(() -> task.store().put(Sample.of("id0", EVENTS)));
        assertThat(task.store().stats().total()).as("one was replaced").isEqualTo(EVENTS - 1);
        task.commit();
        task.close();
        open();
        assertThat(stored()).hasSize(EVENTS - 1).contains(Sample.of("id0", EVENTS));
    }

    @Test
    void isWrittenWithTheNextCommit() {
        task.restore(EVENTS + 1);
        task.commit();
        Map<String, Sample> before = restored();
        task.close();
        open();
        assertThat(restored()).isEqualTo(before).hasSize(EVENTS - 1);
        assertThat(stored()).containsExactlyInAnyOrderElementsOf(before.values());
    }

    @Test
    void isRestoredAgainWhenItWasNotWritten() {
        Random random = new Random(42);
        for (int round = 0; round < 5; round++) {
            int batch = Restoration.BULK_RECORDS + random.nextInt(Restoration.BULK_RECORDS);
            task.restoreNext(batch);
            task.restoreNext(batch);
            task.close();
            open();
            assertThat(stored())
                    .as("on disk at offset %s", task.restoredOffset())
                    .containsExactlyInAnyOrderElementsOf(restored().values());
            if (restored().size() == EVENTS - 1) {
                task.loseDisk();
                open();
            }
        }
        task.restore(Restoration.BULK_RECORDS);
        assertThat(stored()).hasSize(EVENTS - 1);
    }

    /** The last poll of what the broker has sent at once brings few; those of a standby that is up to date do, one after the other. */
    @Test
    void isWrittenAtOnceWhenFewComeAgainAndAgain() {
        task.close();
        open(4 * MAX_BYTES);
        int[] polls = {Restoration.BULK_RECORDS, 10, Restoration.BULK_RECORDS, 10, 10, 1};
        int[] onDisk = {0, 0, 0, 0, 2 * Restoration.BULK_RECORDS + 30, 2 * Restoration.BULK_RECORDS + 31};
        for (int i = 0; i < polls.length; i++) {
            task.restoreNext(polls[i]);
            assertThat(eventsOnDisk()).as("after poll %d", i).isEqualTo(onDisk[i]);
        }
    }

    @Test
    void isCollectedWhenFewAreMuch() {
        int few = Restoration.BULK_RECORDS - 100;
        for (int i = 0; i < 2 * few; i++) {
            Sample large = Sample.of("large" + i, i).withProcess("x".repeat(900));
            task.process(() -> task.store().put(large));
        }
        task.commit();
        task.close();
        task.loseDisk();
        open(100 * MAX_BYTES);
        task.restoreNext(EVENTS + 1);
        task.restoreNext(few);
        task.restoreNext(few);
        assertThat(eventsOnDisk()).isZero();
        assertThat(stored()).hasSize(EVENTS - 1 + 2 * few);
    }

    @Test
    void promisesAPositionWhenItIsWritten() {
        task.restore(EVENTS + 1);
        assertThat(stored()).hasSize(EVENTS - 1);
        assertThat(task.storeOffset()).isEqualTo(EVENTS);
    }

    private void open() {
        open(MAX_BYTES);
    }

    private void open(long maxBytes) {
        task.open(EventStores.builder("samples", Sample.definition()).maxUncommittedBytes(maxBytes));
    }

    /** Without having anything written. */
    private long eventsOnDisk() {
        return task.store().core().meta().contents().events();
    }

    private List<Sample> stored() {
        return task.store().query(ALL).events();
    }

    private Map<String, Sample> restored() {
        return changelog.samples(task.restoredOffset());
    }
}
