package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.File;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

/** What is emitted, what is pending, and who remembers it. */
class LatestOutboxTest extends LatestStoreFixture {

    @Test
    void thereIsNothingToEmitWithoutAnOutbox() {
        open(store -> store);
        assertThatIllegalStateException()
                .isThrownBy(() -> store().emit(emission -> {}))
                .withMessageContaining("'samples' has no outbox");
    }

    @Test
    void whatCannotBeEmittedStaysPending() {
        open(LatestStoreBuilder::withOutbox);
        put("a", "value", 1);
        put("b", "value", 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> store().emit(emission -> {
                    throw new IllegalStateException("downstream");
                }));
        assertThat(emit()).containsExactly("a", "b");
        assertThat(emit()).isEmpty();
    }

    /** The transaction has both, what was emitted and that it was. */
    @Test
    void exactlyOnceTheMarkerIsCommittedWithWhatWasEmitted() {
        open(LatestStoreBuilder::withOutbox);
        put("a", "value", 1);
        emit();
        task.commit();
        assertThat(markers()).hasSize(1);
        task.close();
        task.loseDisk();
        open(LatestStoreBuilder::withOutbox);
        task.restore(10);
        assertThat(emit()).isEmpty();
    }

    /** The changelog must not have the marker before the output is safe: what was emitted before a crash comes again. */
    @Test
    void atLeastOnceTheMarkerIsLoggedOneCommitLater() {
        task = task(StreamsConfig.AT_LEAST_ONCE);
        open(LatestStoreBuilder::withOutbox);
        put("a", "value", 1);
        emit();
        task.prepareCommit(); // and the process dies before the producer is flushed
        assertThat(markers()).isEmpty();
        task.abortTransaction();
        task.close();
        open(LatestStoreBuilder::withOutbox);
        task.restore(10);
        assertThat(emit()).containsExactly("a");
        task.commit();
        assertThat(markers()).as("not yet").isEmpty();
        task.commit();
        assertThat(markers()).as("now").hasSize(1);
        task.commit();
        assertThat(markers()).as("once").hasSize(1);
        task.close();
        task.loseDisk();
        open(LatestStoreBuilder::withOutbox);
        task.restore(10);
        assertThat(emit()).isEmpty();
    }

    /** A producer that fails while a commit is prepared has it prepared again: no proof that anything has arrived. */
    @Test
    void whatTheProducerLostComesAgain() {
        for (boolean logged : new boolean[] {true, false}) {
            task.close();
            task = task(StreamsConfig.AT_LEAST_ONCE);
            UnaryOperator<LatestStoreBuilder<String, String>> options =
                    store -> logged ? store.withOutbox() : store.withOutbox().withLoggingDisabled();
            open(options);
            restore(logged);
            put("a", "value", System.nanoTime());
            emit();
            task.prepareCommit();
            task.prepareCommit();
            task.commitTransaction(); // of the changelog's records, at-least-once
            assertThat(markers()).isEmpty();
            task.close();
            open(options);
            restore(logged);
            assertThat(emit()).as("logged %s", logged).containsExactly("a");
        }
    }

    /** What has been emitted is not emitted again after an orderly end, unless only the disk could know it. */
    @Test
    void anOrderlyEndRemembersWhatWasEmitted() {
        for (String guarantee : List.of(StreamsConfig.AT_LEAST_ONCE, StreamsConfig.EXACTLY_ONCE_V2)) {
            for (boolean logged : new boolean[] {true, false}) {
                task.close();
                task = task(guarantee);
                UnaryOperator<LatestStoreBuilder<String, String>> options = store ->
                        logged ? store.withOutbox() : store.withOutbox().withLoggingDisabled();
                open(options);
                restore(logged);
                put("a", "value", System.nanoTime());
                task.commit(); // durable, and pending
                emit();
                task.prepareCommit();
                task.commitTransaction();
                task.postCommit(true);
                task.close();
                open(options);
                restore(logged);
                assertThat(emit()).as("%s, logged %s", guarantee, logged).hasSize(logged ? 0 : 1);
            }
        }
    }

    /**
     * At-least-once, an instance that was active knows from its disk that something was emitted which the changelog does not say yet. Another
     * instance goes on from the changelog; what it puts must not look emitted to the first one when it comes back.
     */
    @Test
    void whatOnlyTheDiskKnowsToBeEmittedHidesNothingThatIsPutElsewhere() {
        task = task(StreamsConfig.AT_LEAST_ONCE);
        open(LatestStoreBuilder::withOutbox);
        put("a", "value", 1);
        for (int i = 0; i < 3; i++) { // epochs go by
            put("b", "value", i);
            task.commit();
            emit();
        }
        task.commit();
        task.postCommit(true);
        task.recycle();

        File elsewhere = new File(directory, "elsewhere");
        StoreTask<RocksLatestStore<String, String>> other =
                new StoreTask<>(elsewhere, StreamsConfig.AT_LEAST_ONCE, changelog);
        other.open(builder(LatestStoreBuilder::withOutbox));
        other.restore(100);
        other.process(() -> other.store().putNewer(update(other.store(), "c", "value", 1)));
        other.commit();
        other.close();

        task.restore(100);
        task.recycle();
        assertThat(emit()).contains("c");
    }

    /** Kafka Streams restores only what is logged. */
    private void restore(boolean logged) {
        if (logged) {
            task.restore(10);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> markers() {
        return changelog.after(null).stream()
                .filter(record -> OutboxMarker.isKey(record.key()))
                .toList();
    }
}
