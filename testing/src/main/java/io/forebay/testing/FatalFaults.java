package io.forebay.testing;

import java.io.Serial;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a failing broker from taking this JVM with it.
 *
 * <p>Kafka answers a fatal fault (a damaged log, a full disk) with {@code Runtime.halt}: right for a broker in a process of
 * its own, fatal for the application or the test that has embedded it. Kafka's exit procedures are process-wide, so they are
 * replaced once, when the first broker starts, and stay replaced: the thread with the fault ends with a {@link HaltError}, and
 * brokers that are starting are told.
 */
final class FatalFaults {

    private static final Logger LOG = LoggerFactory.getLogger(FatalFaults.class);
    private static final Set<Consumer<Throwable>> LISTENERS = ConcurrentHashMap.newKeySet();

    static {
        Exit.setExitProcedure(FatalFaults::report);
        Exit.setHaltProcedure(FatalFaults::report);
    }

    private FatalFaults() {}

    /** Calls {@code listener} at each fatal fault, on the thread at fault, until it is removed. */
    static void addListener(Consumer<Throwable> listener) {
        LISTENERS.add(listener);
    }

    static void removeListener(Consumer<Throwable> listener) {
        LISTENERS.remove(listener);
    }

    private static void report(int status, @Nullable String message) {
        HaltError fault = new HaltError("the broker gave up"
                + (message == null ? " with status " + status : ": " + message) + " (see its log)");
        LOG.error("An embedded broker has failed and does not work any more", fault);
        LISTENERS.forEach(listener -> listener.accept(fault));
        throw fault;
    }

    /** Where Kafka expected the JVM to end. */
    static final class HaltError extends Error {
        @Serial
        private static final long serialVersionUID = 1L;

        HaltError(String message) {
            super(message);
        }
    }
}
