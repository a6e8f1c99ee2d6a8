package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.EventDatabase.Table;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Deleted keys, whose version is remembered for a while. */
class LatestTombstonesTest extends LatestStoreFixture {

    @Test
    void anExpiredTombstoneLeavesNothingBehind() {
        open(store -> store.tombstoneRetention(Duration.ofMillis(100)));
        putAt("a", "value", 1, 1_000);
        putAt("a", null, 2, 1_000);
        task.commit();
        putAt("b", "value", 1, 1_099);
        task.commit();
        awaitWritten();
        assertThat(changelog.after(null)).as("not due yet").noneMatch(record -> record.value() == null);
        putAt("b", "value", 2, 1_100);
        task.commit();
        ConsumerRecord<byte[], byte[]> last = changelog.after(null).stream()
                .filter(record -> Arrays.equals(record.key(), new byte[] {'a'}))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(last.value()).isNull();
        putAt("b", "value", 3, 1_100);
        task.commit();
        task.postCommit(true);
        task.close();
        assertThat(rows(Table.LATEST)).isEqualTo(1);
        assertThat(rows(Table.QUEUES)).isZero();
        assertThat(rows(Table.INDEX)).as("two indexes").isEqualTo(2);
    }

    @Test
    void aTombstoneThatWasReplacedDoesNotTakeItsReplacementAlong() {
        open(store -> store.tombstoneRetention(Duration.ofMillis(100)));
        putAt("a", null, 2, 1_000);
        task.commit();
        putAt("a", "back", 3, 1_001);
        task.commit();
        for (int i = 0; i < 4; i++) {
            putAt("b", "value", i, 5_000);
            task.commit();
            awaitWritten();
        }
        assertThat(store().get("a").map(Versioned::value)).contains("back");
        assertThat(store().count()).isEqualTo(2);
    }

    @Test
    void aPendingTombstoneDoesNotExpire() {
        open(store -> store.withOutbox().tombstoneRetention(Duration.ofMillis(100)));
        putAt("a", null, 2, 1_000);
        for (int i = 0; i < 4; i++) {
            putAt("b", "value", i, 5_000);
            task.commit();
            awaitWritten();
        }
        assertThat(emit()).containsExactly("a", "b");
    }

    /** A store that had an outbox once and has none any more: nobody will ever emit what is pending in it. */
    @Test
    void aTombstoneThatNobodyIsGoingToEmitExpires() {
        UnaryOperator<LatestStoreBuilder<String, String>> options =
                store -> store.tombstoneRetention(Duration.ofMillis(100));
        open(store -> options.apply(store).withOutbox());
        putAt("a", null, 2, 1_000);
        task.commit();
        task.postCommit(true);
        task.close();
        open(options);
        task.restore(10);
        for (int i = 0; i < 3; i++) {
            putAt("b", "value", i, 5_000);
            task.commit();
            awaitWritten();
        }
        task.postCommit(true);
        task.close();
        assertThat(rows(Table.LATEST)).as("b").isEqualTo(1);
    }

    /** One that is not on disk yet when another of the same millisecond expires is not passed over. */
    @Test
    void tombstonesOfOneMillisecondExpireAll() {
        open(store -> store.tombstoneRetention(Duration.ofMillis(100)));
        putAt("b", null, 1, 1_000);
        task.commit();
        putAt("a", null, 1, 1_000);
        task.commit(); // writes "b"; "a" is still in memory
        awaitWritten();
        for (int i = 0; i < 4; i++) {
            putAt("c", "value", i, 5_000);
            task.commit();
            awaitWritten();
        }
        task.postCommit(true);
        task.close();
        assertThat(rows(Table.LATEST)).as("c").isEqualTo(1);
        assertThat(rows(Table.QUEUES)).isZero();
    }
}
