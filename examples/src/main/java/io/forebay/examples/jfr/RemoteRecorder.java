package io.forebay.examples.jfr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.remote.JMXConnectionNotification;
import javax.management.remote.JMXConnector;
import jdk.jfr.consumer.RecordedEvent;
import jdk.management.jfr.RemoteRecordingStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records another JVM over JMX. No event can be planted there, so the end mark is the first event whose time, by the
 * other JVM's clock, is later than the moment of asking; a quicker {@code jdk.CPULoad} makes sure that one comes soon.
 */
final class RemoteRecorder implements Recorder {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteRecorder.class);

    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    /** The recorder's clock and the wall clock may differ by this much. */
    private static final Duration CLOCK_MARGIN = Duration.ofMillis(100);
    /** Kept at most on the observed machine if we do not fetch it in time. */
    private static final long MAX_SIZE_BYTES = 256L << 20;

    private final JvmAddress address;
    private final JMXConnector connector;
    private final RemoteRecordingStream stream;
    private final RuntimeMXBean runtime;
    private volatile Map<String, String> settings = Map.of();
    private volatile @Nullable Instant markTime;

    private RemoteRecorder(
            JvmAddress address, JMXConnector connector, RuntimeMXBean runtime, RemoteRecordingStream stream) {
        this.address = address;
        this.connector = connector;
        this.runtime = runtime;
        this.stream = stream;
    }

    static RemoteRecorder connect(JvmAddress address) throws AttachException {
        JMXConnector connector = JmxConnections.open(address);
        try {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            RuntimeMXBean runtime = ManagementFactory.newPlatformMXBeanProxy(
                    server, ManagementFactory.RUNTIME_MXBEAN_NAME, RuntimeMXBean.class);
            RemoteRecordingStream stream = new RemoteRecordingStream(server);
            stream.setMaxSize(MAX_SIZE_BYTES);
            return new RemoteRecorder(address, connector, runtime, stream);
        } catch (IOException | RuntimeException e) {
            JmxConnections.close(address, connector);
            throw new AttachException(
                    "the JVM at " + address + " lets nobody at its flight recorder (" + e.getMessage()
                            + "): it must be a HotSpot JDK 17 or newer with the modules jdk.jfr and jdk.management.jfr",
                    e);
        }
    }

    @Override
    public String jvm() {
        return ObservedJvm.tag(runtime);
    }

    @Override
    public void start(
            Map<String, String> newSettings,
            Consumer<RecordedEvent> onEvent,
            Consumer<Throwable> onError,
            Runnable onEnd) {
        apply(newSettings);
        stream.onEvent(onEvent);
        stream.onError(onError);
        stream.onClose(onEnd);
        connector.addConnectionNotificationListener(
                (notification, handback) -> endWith(notification, onEnd), null, null);
        stream.startAsync();
    }

    /** The stream itself does not end when its JVM does; the connection notices. */
    private static void endWith(Notification notification, Runnable onEnd) {
        String type = notification.getType();
        if (JMXConnectionNotification.CLOSED.equals(type) || JMXConnectionNotification.FAILED.equals(type)) {
            onEnd.run();
        }
    }

    @Override
    public void apply(Map<String, String> newSettings) {
        settings = newSettings;
        stream.setSettings(newSettings);
    }

    @Override
    public void mark() {
        try {
            Instant now = Instant.ofEpochMilli(runtime.getStartTime() + runtime.getUptime());
            markTime = now.plus(CLOCK_MARGIN);
            Map<String, String> withHeartbeat = new LinkedHashMap<>(settings);
            withHeartbeat.put("jdk.CPULoad#enabled", "true");
            withHeartbeat.put("jdk.CPULoad#period", HEARTBEAT.toMillis() + " ms");
            stream.setSettings(withHeartbeat);
        } catch (RuntimeException e) {
            throw new UncheckedIOException(new AttachException("the JVM at " + address + " is gone", e));
        }
    }

    @Override
    public boolean isMark(RecordedEvent event) {
        Instant mark = markTime;
        return mark != null && event.getEndTime().isAfter(mark);
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (RuntimeException e) {
            LOG.debug("Closing the recording of {}", address, e);
        } finally {
            JmxConnections.close(address, connector);
        }
    }
}
