package io.forebay.processor.plan;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * Changes plans, one change at a time over all programs: a compare-and-set on a compacted topic.
 *
 * <p>All writers to a topic share one transactional id. A change is made in these steps:
 *
 * <ol>
 *   <li>{@code initTransactions}: aborts the transaction of any other writer, and fences that writer for good;
 *   <li>read the topic to its committed end: now everything that any earlier writer could still commit is known;
 *   <li>compare the version; on a conflict, nothing is written;
 *   <li>write and commit. If another writer has passed step 1 meanwhile, the commit is refused, and we begin anew.
 * </ol>
 *
 * <p>So between the comparison and the commit nobody else has written. Writing without a transaction and comparing on reading
 * would not do: compaction keeps the <em>last</em> record of a name, and that could be one that was refused.
 *
 * <p>The producer exists only while it writes. Changes are rare, a change costs some ten milliseconds.
 */
final class PlanWriter {

    private static final int MAX_ATTEMPTS = 20;
    private static final long MAX_PAUSE_NANOS = 50_000_000;

    private final PlanClients clients;
    private final PlanState state;
    private boolean suitable;

    PlanWriter(PlanClients clients, PlanState state) {
        this.clients = clients;
        this.state = state;
    }

    /**
     * Writes if the check, which is made when the state is that of the topic, does not throw.
     *
     * @param value the document, or null to delete
     * @return the version written; it is in the state when this returns, unless that takes too long
     * @throws PlansUnavailableException if it cannot be written; the message says whether it may have been
     */
    synchronized long write(String name, byte @Nullable [] value, Consumer<@Nullable StoredPlan> check) {
        try (PlanTopic topic = new PlanTopic(clients)) {
            requireSuitable(topic);
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                try {
                    return attempt(topic, name, value, check);
                } catch (ProducerFencedException | InvalidProducerEpochException e) {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MAX_PAUSE_NANOS));
                }
            }
            throw new PlansUnavailableException("capture plan '" + name + "' was not written: " + MAX_ATTEMPTS
                    + " times others wrote to topic " + clients.topic() + " in the same moment; try again");
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
            throw new PlansUnavailableException("interrupted while writing capture plan '" + name + "'", e);
        } catch (KafkaException e) {
            throw new PlansUnavailableException(
                    "capture plan '" + name + "' was perhaps not written to topic " + clients.topic() + " ("
                            + e.getMessage() + "): read it again before you try again",
                    e);
        }
    }

    private void requireSuitable(PlanTopic topic) {
        if (!suitable) {
            topic.create();
            topic.requireSuitable();
            suitable = true;
        }
    }

    private long attempt(PlanTopic topic, String name, byte @Nullable [] value, Consumer<@Nullable StoredPlan> check)
            throws InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            producer.initTransactions();
            awaitRead(topic.end());
            var plans = state.plans();
            check.accept(plans == null ? null : plans.get(name));
            producer.beginTransaction();
            long offset = send(producer, name, value);
            producer.commitTransaction();
            boolean unused = state.await(offset + 1, clients.timeout()); // for whoever reads right after
            return offset + 1;
        }
    }

    private void awaitRead(long end) throws InterruptedException {
        if (!state.await(end, clients.timeout())) {
            throw new PlansUnavailableException("topic " + clients.topic() + " could not be read to its end within "
                    + clients.timeout().toMillis() + " ms");
        }
    }

    private long send(KafkaProducer<byte[], byte[]> producer, String name, byte @Nullable [] value)
            throws InterruptedException {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        try {
            return producer.send(new ProducerRecord<>(clients.topic(), 0, key, value))
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
