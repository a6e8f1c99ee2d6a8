package io.forebay.examples.demo;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the records that went to the dead letter topic, and names some of them in the log: at most one in ten seconds,
 * because a topic full of foreign data would otherwise be a log full of them.
 *
 * <p>Handlers are made by Kafka Streams from their class; they find this in their configuration.
 */
final class DeadLetters {

    /** The configuration under which handlers find their instance. */
    static final String CONFIG = "forebay.demo.dead.letters";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final long LOG_INTERVAL_NANOS = 10_000_000_000L;

    private final LongAdder count = new LongAdder();
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());

    void add(ErrorHandlerContext context, Exception reason) {
        count.increment();
        long now = System.nanoTime();
        long next = nextLogNanos.get();
        if (now - next >= 0 && nextLogNanos.compareAndSet(next, now + LOG_INTERVAL_NANOS)) {
            LOG.warn(
                    "Record {} of {}-{} is not usable and went to the dead letter topic ({} so far): {}",
                    context.offset(),
                    context.topic(),
                    context.partition(),
                    count(),
                    reason.getMessage());
        }
    }

    long count() {
        return count.sum();
    }
}
