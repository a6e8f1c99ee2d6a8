package io.forebay.processor.plan;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that reads the topic for as long as the application runs, and tells the listeners. Whatever goes wrong with the
 * topic is logged once, and tried again every second; the plans known so far hold meanwhile.
 */
final class PlanFollower implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(PlanFollower.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final PlanClients clients;
    private final PlanState state;
    private final LongAdder malformed;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable String trouble;

    PlanFollower(PlanClients clients, PlanState state, LongAdder malformed) {
        this.clients = clients;
        this.state = state;
        this.malformed = malformed;
        this.thread = new Thread(this, "forebay-capture-plans");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    CapturePlans.Subscription subscribe(String name, PlanListener listener) {
        Subscription subscription = new Subscription(name, listener);
        subscriptions.add(subscription);
        return () -> subscriptions.remove(subscription);
    }

    /** Why the topic cannot be read at the moment, or null. */
    @Nullable
    String trouble() {
        return trouble;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        state.close();
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                read();
            } catch (InterruptException e) {
                Thread.interrupted(); // closed, or nobody's business
            } catch (RuntimeException e) {
                report(e);
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    private void report(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        if (!message.equals(trouble)) {
            trouble = message;
            LOG.warn("Topic {} of capture plans cannot be read, and is tried again: {}", clients.topic(), message);
        }
    }

    private void read() {
        try (PlanTopic topic = new PlanTopic(clients)) {
            topic.create();
        }
        KafkaConsumer<byte[], byte[]> consumer = clients.consumer();
        try {
            read(consumer, new TopicPartition(clients.topic(), 0));
        } finally {
            Thread.interrupted(); // or the consumer does not close in order
            consumer.close();
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        PlanReader reader = new PlanReader(malformed);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end =
                Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
        state.restart();
        boolean loaded = false;
        while (!closed) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                reader.read(record);
            }
            long position = consumer.position(partition);
            if (!loaded && position >= end) {
                loaded = true;
                trouble = null;
                state.publish(reader.plans(), position);
            } else if (loaded && !records.isEmpty()) {
                state.publish(reader.plans(), position);
            } else if (loaded) {
                state.advance(position);
            }
            tellListeners();
        }
    }

    private void tellListeners() {
        SortedMap<String, StoredPlan> plans = state.plans();
        if (plans != null) {
            subscriptions.forEach(each -> each.tell(plans.get(each.name)));
        }
    }

    /** Somebody who wants to know of one plan. Used by the reading thread. */
    private static final class Subscription {

        private final String name;
        private final PlanListener listener;
        private boolean told;
        private @Nullable StoredPlan last;

        Subscription(String name, PlanListener listener) {
            this.name = name;
            this.listener = listener;
        }

        void tell(@Nullable StoredPlan plan) {
            if (told && Objects.equals(last, plan)) {
                return;
            }
            told = true;
            last = plan;
            Long version = plan == null ? null : plan.version();
            LOG.info("Capture plan {} is now version {}", name, version);
            try {
                listener.onPlan(plan);
            } catch (RuntimeException | Error e) { // somebody else's fault must not end this thread
                LOG.warn("A listener of capture plan {} failed with version {}", name, version, e);
            }
        }
    }
}
