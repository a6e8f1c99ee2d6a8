package io.forebay.examples.jfr;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens JMX connections with a time limit, which RMI itself has not, and with errors a person can act on. */
final class JmxConnections {

    private static final Logger LOG = LoggerFactory.getLogger(JmxConnections.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Notices within two seconds that the other JVM is gone; the default is a minute. */
    private static final Map<String, Long> ENVIRONMENT = Map.of("jmx.remote.x.client.connection.check.period", 2000L);

    private JmxConnections() {}

    static JMXConnector open(JvmAddress address) throws AttachException {
        probe(address);
        CompletableFuture<JMXConnector> connection = new CompletableFuture<>();
        Thread thread = new Thread(() -> connect(address, connection), "jmx-connect-" + address);
        thread.setDaemon(true);
        thread.start();
        try {
            return connection.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            connection.whenComplete((late, error) -> {
                if (late != null) {
                    close(address, late);
                }
            });
            throw new AttachException(
                    address + " accepts connections but does not answer as a JMX port within " + TIMEOUT.toSeconds()
                            + " s: is this the port of -Dcom.sun.management.jmxremote.port?",
                    e);
        } catch (ExecutionException e) {
            throw refused(address, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AttachException("interrupted while connecting to " + address, e);
        }
    }

    static void close(JvmAddress address, JMXConnector connector) {
        try {
            connector.close();
        } catch (IOException e) {
            LOG.debug("Closing the JMX connection to {}", address, e);
        }
    }

    private static void probe(JvmAddress address) throws AttachException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) TIMEOUT.toMillis());
        } catch (UnknownHostException e) {
            throw new AttachException("unknown host '" + address.host() + "' in " + address, e);
        } catch (IOException e) {
            throw new AttachException(
                    "no JVM listens at " + address + " (" + e.getMessage()
                            + "): start it with -Dcom.sun.management.jmxremote.port=" + address.port(),
                    e);
        }
    }

    @SuppressWarnings("BanJNDI") // The address is the operator's own, and JMX knows no other way.
    private static void connect(JvmAddress address, CompletableFuture<JMXConnector> connection) {
        try {
            connection.complete(JMXConnectorFactory.connect(address.serviceUrl(), ENVIRONMENT));
        } catch (IOException | RuntimeException e) {
            connection.completeExceptionally(e);
        }
    }

    private static AttachException refused(JvmAddress address, Throwable cause) {
        Throwable reason = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        if (reason instanceof SecurityException) {
            return new AttachException(
                    "the JVM at " + address + " asks for a password, which is not supported: start it with "
                            + "-Dcom.sun.management.jmxremote.authenticate=false, reachable from this machine only",
                    reason);
        }
        return new AttachException(
                address + " is not the JMX port of a JVM (" + reason.getMessage()
                        + "): expected the port of -Dcom.sun.management.jmxremote.port, without TLS",
                reason);
    }
}
