package io.forebay.processor.plan;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes plans, one change at a time over all programs: a compare-and-set on a compacted topic.
 *
 * <p>All writers to a topic share one transactional id. A change is made in these steps:
 *
 * <ol>
 *   <li>{@code initTransactions}: aborts the transaction of any other writer, and fences that writer for good;
 *   <li>read the topic to its committed end: now everything that any earlier writer could still commit is known;
 *   <li>compare the version; on a conflict, nothing is written;
 *   <li>write and commit. If another writer has passed step 1 meanwhile, that is refused, and we begin anew.
 * </ol>
 *
 * <p>So between the comparison and the commit nobody else has written. An error may also be the answer to a commit that was
 * made; after step 2 of the next attempt we see whether what is there is our own record. Writing without a transaction and comparing on reading
 * would not do: compaction keeps the <em>last</em> record of a name, and that could be one that was refused.
 *
 * <p>The producer exists only while it writes. Changes are rare, a change costs some ten milliseconds.
 */
final class PlanWriter {

    private static final Logger LOG = LoggerFactory.getLogger(PlanWriter.class);
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
            return write(topic, new Change(name, value, check));
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

    /**
     * Attempts it until it is done or the time is up. That another writer was faster shows as one of many exceptions, by how
     * far we were; each attempt finds out by itself what became of the one before, so there is no need to tell them apart.
     */
    private long write(PlanTopic topic, Change change) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + clients.timeout().toNanos();
        while (true) {
            try {
                return change.attempt(topic);
            } catch (InterruptException | AuthorizationException e) {
                throw e;
            } catch (KafkaException e) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw e;
                }
                LOG.debug("Writing to topic {} of capture plans is tried again", clients.topic(), e);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MAX_PAUSE_NANOS));
            }
        }
    }

    private void requireSuitable(PlanTopic topic) {
        if (!suitable) {
            topic.create();
            topic.requireSuitable();
            suitable = true;
        }
    }

    private void awaitRead(long end) throws InterruptedException {
        if (!state.await(end, clients.timeout())) {
            throw new PlansUnavailableException("topic " + clients.topic() + " could not be read to its end within "
                    + clients.timeout().toMillis() + " ms");
        }
    }

    /** One change, in as many attempts as it takes. */
    private final class Change {

        private final String name;
        private final byte @Nullable [] value;
        private final Consumer<@Nullable StoredPlan> check;

        /** Of the record of the last attempt that came so far, or 0. */
        private long sentVersion;

        Change(String name, byte @Nullable [] value, Consumer<@Nullable StoredPlan> check) {
            this.name = name;
            this.value = value;
            this.check = check;
        }

        long attempt(PlanTopic topic) throws InterruptedException {
            try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
                producer.initTransactions();
                awaitRead(topic.end());
                var plans = state.plans();
                StoredPlan current = plans == null ? null : plans.get(name);
                if (isDone(current)) {
                    return sentVersion;
                }
                check.accept(current);
                producer.beginTransaction();
                send(producer);
                producer.commitTransaction();
                boolean unused = state.await(sentVersion, clients.timeout()); // for whoever reads right after
                return sentVersion;
            }
        }

        /** Whether an earlier attempt was committed after all. Of a deletion it is enough that nothing is there. */
        private boolean isDone(@Nullable StoredPlan current) {
            return sentVersion != 0 && (current == null ? value == null : current.version() == sentVersion);
        }

        private void send(KafkaProducer<byte[], byte[]> producer) throws InterruptedException {
            byte[] key = name.getBytes(StandardCharsets.UTF_8);
            try {
                sentVersion = 1
                        + producer.send(new ProducerRecord<>(clients.topic(), 0, key, value))
                                .get()
                                .offset();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
            }
        }
    }
}
