package io.forebay.examples.jfr;

import io.forebay.processor.plan.ClassFilter;
import io.forebay.processor.plan.TypeRule;
import io.forebay.serdes.event.Event;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.consumer.RecordedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A live source of trace events: the flight recorder of this JVM or of another one.
 *
 * <p>The JVM writes events to its own buffers; about once a second they reach this source's thread, which maps each to an
 * {@link Event} and offers it to the {@link EventSink}. The observed threads never wait for any of this. When a sink
 * refuses events they are counted as dropped; when one cannot be mapped it is counted as failed, and the first failure of
 * each type is logged.
 *
 * <p>{@link #close} hands over what happened before it was called, then stops. Thread-safe.
 */
public final class JfrSource implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JfrSource.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Recorder recorder;
    private final EventMapper mapper;
    private final Throttles throttles = new Throttles();
    private final EventSink sink;
    private final String name;
    private final String jvm;
    private volatile JfrSettings settings;

    private final LongAdder captured = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder throttled = new LongAdder();
    private final LongAdder excluded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Set<String> failedTypes = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    /** Reached when the end mark came by or the stream ended; nothing is handed over any more. */
    private final CountDownLatch drained = new CountDownLatch(1);

    private JfrSource(String name, Recorder recorder, JfrSettings settings, EventSink sink) {
        this.name = name;
        this.recorder = recorder;
        this.jvm = recorder.jvm();
        this.mapper = new EventMapper(jvm);
        this.settings = settings;
        this.sink = sink;
    }

    /**
     * Observes this JVM.
     *
     * @throws AttachException if it has no flight recorder
     */
    public static JfrSource ofThisJvm(JfrSettings settings, EventSink sink) throws AttachException {
        return new JfrSource("this JVM", new LocalRecorder(), settings, sink);
    }

    /**
     * Observes another JVM over JMX.
     *
     * @throws AttachException if it cannot be reached within ten seconds, or has no flight recorder
     */
    public static JfrSource ofJvmAt(JvmAddress address, JfrSettings settings, EventSink sink) throws AttachException {
        return new JfrSource("the JVM at " + address, RemoteRecorder.connect(address), settings, sink);
    }

    /** Starts capturing. */
    public void start() {
        if (closing.get() || !started.compareAndSet(false, true)) {
            throw new IllegalStateException("the recording of " + name + " was started or closed before");
        }
        recorder.start(settings.toRecorderSettings(), this::handle, this::handleError, this::handleEnd);
    }

    /**
     * Changes what is captured, while running or before the start. Events recorded under the old settings that are
     * still under way are left out if their type is off now.
     */
    public synchronized void apply(JfrSettings newSettings) {
        if (started.get() && !closing.get()) {
            recorder.apply(newSettings.toRecorderSettings());
        }
        settings = newSettings;
    }

    /** What is captured now. */
    public JfrSettings settings() {
        return settings;
    }

    /** What has been done so far. */
    public JfrCounts counts() {
        return new JfrCounts(captured.sum(), dropped.sum(), throttled.sum(), excluded.sum(), failed.sum());
    }

    /** Tag of the observed JVM's run: the attribute {@code jvm} of its events. */
    public String jvm() {
        return jvm;
    }

    /** Whether events may still come; false before the start, after the close, and once an observed JVM is gone. */
    public boolean isRunning() {
        return started.get() && drained.getCount() > 0;
    }

    /** Closes with a limit of five seconds, see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /**
     * Hands over what happened before this call and stops, usually within two seconds.
     *
     * @param timeout how long to wait for events that are still under way
     * @return whether everything was handed over
     */
    public boolean close(Duration timeout) {
        if (!closing.compareAndSet(false, true)) {
            return drained.getCount() == 0;
        }
        boolean complete = !started.get() || drain(timeout);
        drained.countDown();
        recorder.close();
        return complete;
    }

    private synchronized boolean drain(Duration timeout) {
        try {
            if (drained.getCount() > 0) {
                recorder.mark();
            }
            if (drained.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                return true;
            }
            LOG.warn("The last events of {} did not arrive within {} ms and are lost", name, timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Interrupted while waiting for the last events of {}", name);
        } catch (RuntimeException e) {
            LOG.warn("The last events of {} are lost: {}", name, e.getMessage());
        }
        return false;
    }

    private void handle(RecordedEvent recorded) {
        if (drained.getCount() == 0) {
            return;
        }
        if (closing.get() && recorder.isMark(recorded)) {
            drained.countDown();
            return;
        }
        JfrSettings now = settings;
        String type = recorded.getEventType().getName();
        EventSetting setting = now.events().get(type);
        if (setting == null) {
            return; // on in another recording of that JVM, or no longer on
        }
        if (setting.isTooShort(recorded) || !isSampled(now.plan().ruleOf(type))) {
            excluded.increment();
        } else if (!throttles.passes(recorded, setting)) {
            throttled.increment();
        } else {
            capture(recorded, now.plan().classes());
        }
    }

    private static boolean isSampled(TypeRule rule) {
        return rule.sample() == 1 || ThreadLocalRandom.current().nextDouble() < rule.sample();
    }

    private void capture(RecordedEvent recorded, ClassFilter classes) {
        try {
            Event event = mapper.map(recorded);
            if (!classes.admits(event.getModule())) {
                excluded.increment();
                return;
            }
            boolean accepted = sink.accept(event);
            captured.increment();
            if (!accepted) {
                dropped.increment();
            }
        } catch (RuntimeException e) {
            failed.increment();
            String type = recorded.getEventType().getName();
            if (failedTypes.add(type)) {
                LOG.warn("An event of type {} could not be captured; further ones are only counted", type, e);
            }
        }
    }

    private void handleError(Throwable error) {
        failed.increment();
        LOG.warn("The event stream of {} reports an error", name, error);
    }

    private void handleEnd() {
        if (isRunning() && !closing.get()) {
            LOG.warn("The event stream of {} has ended: no more events from there", name);
        }
        drained.countDown();
    }
}
