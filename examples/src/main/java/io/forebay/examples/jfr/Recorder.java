package io.forebay.examples.jfr;

import java.util.Map;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;

/**
 * A flight recording that is read while it is written: the part in which the own JVM and another one differ.
 *
 * <p>Events come in the order in which they ended, about a second late, since the JVM flushes its buffers once a second.
 * To end without losing that second, a caller has an end mark recorded and reads on until it comes by: all that happened
 * before the mark was made has come before it. (Java 20 has {@code stop()} for this, Java 17 has not.)
 */
interface Recorder extends AutoCloseable {

    /** Tag of the observed JVM's run, see {@link ObservedJvm}. */
    String jvm();

    /** Starts recording and handing over events on a thread of its own; {@code onEnd} runs when the stream ends. */
    void start(
            Map<String, String> settings, Consumer<RecordedEvent> onEvent, Consumer<Throwable> onError, Runnable onEnd);

    /** Replaces the settings of the running recording. */
    void apply(Map<String, String> settings);

    /** Has a mark recorded behind everything that has happened by now. */
    void mark();

    /** Whether this event is the mark, or lies behind it. */
    boolean isMark(RecordedEvent event);

    /** Stops recording and releases everything; events still under way are lost. */
    @Override
    void close();
}
