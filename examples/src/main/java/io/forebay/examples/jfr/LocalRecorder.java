package io.forebay.examples.jfr;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

/** Records this JVM. The end mark is an event of its own. */
final class LocalRecorder implements Recorder {

    private static final String MARK = "io.forebay.EndMark";

    /** Recorded behind the last event of interest. */
    @Name(MARK)
    @StackTrace(false)
    private static final class EndMark extends Event {
        /** Tells the marks of several recordings of this JVM apart. */
        long recording;
    }

    private static final AtomicLong RECORDINGS = new AtomicLong();

    private final long number = RECORDINGS.incrementAndGet();

    private final RecordingStream stream;

    LocalRecorder() throws AttachException {
        if (!FlightRecorder.isAvailable()) {
            throw new AttachException("this JVM has no flight recorder: run a JDK with the module jdk.jfr");
        }
        try {
            stream = new RecordingStream();
        } catch (IllegalStateException e) {
            throw new AttachException("the flight recorder of this JVM does not start: " + e.getMessage(), e);
        }
    }

    @Override
    public String jvm() {
        return ObservedJvm.tag(ManagementFactory.getRuntimeMXBean());
    }

    @Override
    public void start(
            Map<String, String> settings,
            Consumer<RecordedEvent> onEvent,
            Consumer<Throwable> onError,
            Runnable onEnd) {
        apply(settings);
        stream.onEvent(onEvent);
        stream.onError(onError);
        stream.onClose(onEnd);
        stream.startAsync();
    }

    @Override
    public void apply(Map<String, String> settings) {
        Map<String, String> withMark = new LinkedHashMap<>(settings);
        withMark.put(MARK + "#enabled", "true");
        stream.setSettings(withMark);
    }

    @Override
    public void mark() {
        EndMark mark = new EndMark();
        mark.recording = number;
        mark.commit();
    }

    @Override
    public boolean isMark(RecordedEvent event) {
        return MARK.equals(event.getEventType().getName()) && event.getLong("recording") == number;
    }

    @Override
    public void close() {
        stream.close();
    }
}
