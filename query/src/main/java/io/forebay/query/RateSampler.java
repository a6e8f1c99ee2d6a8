package io.forebay.query;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds an {@link EventRate} once a second, on a thread of its own, until closed. */
final class RateSampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RateSampler.class);

    private final EventRate rate;
    private final Supplier<Map<String, Long>> counters;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "forebay-query-rate");
        created.setDaemon(true);
        return created;
    });

    RateSampler(EventRate rate, Supplier<Map<String, Long>> counters, InstantSource clock) {
        this.rate = rate;
        this.counters = counters;
        this.clock = clock;
    }

    RateSampler start() {
        var unused = thread.scheduleAtFixedRate(this::sample, 0, 1, TimeUnit.SECONDS);
        return this;
    }

    /** Never throws, because that would end the schedule. */
    void sample() {
        try {
            rate.sample(clock.instant(), System.nanoTime(), counters.get());
        } catch (QueryFailedException e) {
            rate.skip();
            LOG.debug("No rate at the moment: {}", e.getMessage());
        } catch (RuntimeException e) {
            rate.skip();
            LOG.warn("Cannot read the counters", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
