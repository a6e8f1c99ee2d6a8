package io.forebay.testing;

import io.forebay.testing.FatalFaults.HaltError;
import io.forebay.testing.KafkaStartException.Reason;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to start a broker.
 *
 * <p>Kafka starts on a thread of its own here: where a log is damaged, the thread that loads it meets a fatal fault while the
 * starting thread waits for it, in vain. Whichever comes first, the end of the start, a fault or the time limit, decides.
 *
 * <p>Where the last broker was killed, the controller is told so before the broker starts: see {@link KilledBroker}.
 */
final class BrokerStartup {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerStartup.class);
    private static final long ABANDON_SECONDS = 5;

    private final KafkaConfig config;
    private final Path directory;
    private final boolean afterKill;
    private final Duration timeout;
    private volatile @Nullable BrokerNode node;
    private volatile boolean abandoned;

    BrokerStartup(Map<String, Object> properties, BrokerDirectory directory, Duration timeout) {
        this.config = new KafkaConfig(properties, false);
        this.directory = directory.root();
        this.afterKill = directory.holdsKilledBroker();
        this.timeout = timeout;
    }

    /** Starts the broker and waits until it answers. */
    BrokerNode run() {
        CompletableFuture<BrokerNode> started = new CompletableFuture<>();
        Consumer<Throwable> onFault = started::completeExceptionally;
        FatalFaults.addListener(onFault);
        try {
            daemon("forebay-kafka-start", () -> start(started));
            return started.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            abandon();
            throw explain(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            abandon();
            throw new KafkaStartException(
                    Reason.TIMED_OUT, "the broker in " + directory + " did not start within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandon();
            throw new KafkaStartException(Reason.FAILED, "interrupted while the broker was starting", e);
        } finally {
            FatalFaults.removeListener(onFault);
        }
    }

    private void start(CompletableFuture<BrokerNode> started) {
        try {
            BrokerNode created = new BrokerNode(config);
            node = created;
            created.startController();
            if (afterKill) {
                created.forgetKilledBroker();
            }
            if (!abandoned) {
                created.startBroker();
            }
            started.complete(created);
        } catch (Throwable e) { // an Error as well: whoever waits must hear of it
            started.completeExceptionally(e);
        }
    }

    /** Stops what has been started already, so that ports and locks are free again; does not wait for ever. */
    private void abandon() {
        abandoned = true;
        BrokerNode halfStarted = node;
        if (halfStarted == null) {
            return;
        }
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        daemon("forebay-kafka-abandon", () -> {
            try {
                halfStarted.shutdown();
                stopped.complete(null);
            } catch (Throwable e) { // the start has failed already: this is only worth a note
                stopped.completeExceptionally(e);
            }
        });
        try {
            stopped.get(ABANDON_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("A broker that failed to start could not be stopped cleanly: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private KafkaStartException explain(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof BindException || isBindFailure(t)) {
                return new KafkaStartException(
                        Reason.PORT_IN_USE,
                        "a port of the broker has been taken by another program: " + message(t),
                        cause);
            }
        }
        String consequence = ": restore " + directory + " from a copy, or remove it to start with an empty broker";
        if (cause instanceof HaltError) {
            return new KafkaStartException(
                    Reason.DIRECTORY_DAMAGED,
                    "the broker gave up while it loaded " + directory
                            + ". Its log says why; where the disk is not full, the data is damaged" + consequence,
                    cause);
        }
        return new KafkaStartException(
                Reason.FAILED, "the broker in " + directory + " cannot start: " + message(cause), cause);
    }

    private static boolean isBindFailure(Throwable t) {
        return t instanceof KafkaException && message(t).startsWith("Socket server failed to bind");
    }

    private static String message(Throwable t) {
        return t.getMessage() == null ? t.toString() : t.getMessage();
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
