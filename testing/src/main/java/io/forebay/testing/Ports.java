package io.forebay.testing;

import io.forebay.testing.KafkaStartException.Reason;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds and checks TCP ports on the loopback address.
 *
 * <p>Free ports are drawn from below the range that systems hand out for outgoing connections (32768 and up on Linux, 49152
 * and up elsewhere). A broker that is killed and restarted on its port would otherwise lose that port now and then to some
 * outgoing connection.
 */
final class Ports {

    static final String HOST = "127.0.0.1";

    private static final int LOWEST = 20_000;
    private static final int BELOW = 32_000;
    private static final int ATTEMPTS = 200;

    private Ports() {}

    /** A port nobody listens on at the moment. */
    static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BELOW);
            if (isFree(port)) {
                return port;
            }
        }
        throw new KafkaStartException(
                Reason.PORT_IN_USE,
                "no free port between " + LOWEST + " and " + BELOW + " after " + ATTEMPTS + " attempts");
    }

    /** Throws unless {@code port} can be listened on. */
    static void requireFree(int port) {
        if (!isFree(port)) {
            throw new KafkaStartException(
                    Reason.PORT_IN_USE,
                    "port " + port + " on " + HOST
                            + " is in use by another program: stop it, or choose another port (0 = any free one)");
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (BindException inUse) {
            return false;
        } catch (IOException e) {
            throw new KafkaStartException(Reason.FAILED, "cannot open port " + port + " on " + HOST + ": " + e, e);
        }
    }
}
