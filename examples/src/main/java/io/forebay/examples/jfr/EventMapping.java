package io.forebay.examples.jfr;

import io.forebay.examples.jfr.Correlations.Correlator;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import org.jspecify.annotations.Nullable;

/**
 * How events of one type are read: the field that holds the thread, what ties them together, and which frame of the
 * stack says where they happened. The table of {@code docs/jfr-events.md} in code.
 *
 * @param event name of the event type
 * @param threadField field with the thread the event is about
 * @param correlator what ties events of this type together
 * @param frames where in the stack trace the event happened
 */
record EventMapping(String event, String threadField, Correlator correlator, FramePicker frames) {

    /** Chooses the frame that says where an event happened. */
    @FunctionalInterface
    interface FramePicker {
        @Nullable
        RecordedFrame pick(RecordedStackTrace trace, Fields fields);
    }

    private static final Map<String, EventMapping> TABLE = table(
            sampled("jdk.ExecutionSample", Correlations::stack),
            sampled("jdk.NativeMethodSample", Correlations::stack),
            plain("jdk.ObjectAllocationSample", Correlations::allocated),
            plain("jdk.GarbageCollection", Correlations::collection),
            plain("jdk.GCPhasePause", Correlations::collection),
            plain("jdk.GCPhasePauseLevel1", Correlations::collection),
            plain("jdk.GCPhasePauseLevel2", Correlations::collection),
            plain("jdk.GCPhasePauseLevel3", Correlations::collection),
            plain("jdk.GCPhasePauseLevel4", Correlations::collection),
            plain("jdk.GCPhaseConcurrent", Correlations::collection),
            plain("jdk.GCHeapSummary", Correlations::collection),
            plain("jdk.ThreadPark", Correlations::park),
            plain("jdk.JavaMonitorEnter", Correlations::monitor),
            plain("jdk.JavaMonitorWait", Correlations::monitor),
            plain("jdk.VirtualThreadPinned", Correlations::thread),
            plain("jdk.FileRead", Correlations::file),
            plain("jdk.FileWrite", Correlations::file),
            plain("jdk.FileForce", Correlations::file),
            plain("jdk.SocketRead", Correlations::socket),
            plain("jdk.SocketWrite", Correlations::socket),
            plain("jdk.ClassLoad", Correlations::loader),
            thrown("jdk.JavaExceptionThrow"),
            thrown("jdk.JavaErrorThrow"),
            plain("jdk.CPULoad", Correlations::jvm),
            plain("jdk.ThreadCPULoad", Correlations::thread),
            new EventMapping("jdk.ThreadStart", "thread", Correlations::thread, EventMapping::topJavaFrame),
            new EventMapping("jdk.ThreadEnd", "thread", Correlations::thread, EventMapping::topJavaFrame));

    /** The mapping of a type; for one that is not in the table, thread and top frame without a correlation. */
    static EventMapping of(String event) {
        EventMapping mapping = TABLE.get(event);
        return mapping == null ? plain(event, Correlations::none) : mapping;
    }

    /** The topmost frame that is Java code, or null. */
    static @Nullable RecordedFrame topJavaFrame(RecordedStackTrace trace, Fields fields) {
        return javaFrameFrom(trace.getFrames(), 0);
    }

    /** The frame that threw: constructors of the exception and its superclasses come first on the stack. */
    static @Nullable RecordedFrame throwingFrame(RecordedStackTrace trace, Fields fields) {
        List<RecordedFrame> frames = trace.getFrames();
        String thrown = fields.className("thrownClass");
        int at = 0;
        for (int i = 0; i < frames.size() && isConstructor(frames.get(i)); i++) {
            if (String.valueOf(thrown).equals(Fields.className(frames.get(i)))) {
                at = i + 1;
            }
        }
        return javaFrameFrom(frames, at);
    }

    private static @Nullable RecordedFrame javaFrameFrom(List<RecordedFrame> frames, int start) {
        for (int i = start; i < frames.size(); i++) {
            if (frames.get(i).isJavaFrame()) {
                return frames.get(i);
            }
        }
        return null;
    }

    private static boolean isConstructor(RecordedFrame frame) {
        return frame.isJavaFrame() && "<init>".equals(frame.getMethod().getName());
    }

    private static EventMapping plain(String event, Correlator correlator) {
        return new EventMapping(event, "eventThread", correlator, EventMapping::topJavaFrame);
    }

    private static EventMapping sampled(String event, Correlator correlator) {
        return new EventMapping(event, "sampledThread", correlator, EventMapping::topJavaFrame);
    }

    private static EventMapping thrown(String event) {
        return new EventMapping(event, "eventThread", Correlations::thrown, EventMapping::throwingFrame);
    }

    private static Map<String, EventMapping> table(EventMapping... mappings) {
        return Arrays.stream(mappings).collect(Collectors.toUnmodifiableMap(EventMapping::event, Function.identity()));
    }
}
