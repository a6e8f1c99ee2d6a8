package io.forebay.examples.jfr;

import java.net.MalformedURLException;
import javax.management.remote.JMXServiceURL;

/**
 * Where another JVM listens for JMX connections.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port from {@code -Dcom.sun.management.jmxremote.port}
 */
public record JvmAddress(String host, int port) {

    /** Refuses an empty host or a port out of range. */
    public JvmAddress {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is empty: expected HOST:JMXPORT");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port=" + port + " is not between 1 and 65535");
        }
    }

    /**
     * Reads {@code HOST:JMXPORT}, with an IPv6 host in brackets.
     *
     * @throws IllegalArgumentException if {@code text} is of another form
     */
    public static JvmAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        try {
            if (!host.isBlank()) {
                return new JvmAddress(host, Integer.parseInt(text.substring(colon + 1)));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(describe(text), e);
        }
        throw new IllegalArgumentException(describe(text));
    }

    JMXServiceURL serviceUrl() {
        try {
            return new JMXServiceURL("service:jmx:rmi:///jndi/rmi://" + this + "/jmxrmi");
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("'" + this + "' is not an address of a JVM", e);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }

    private static String describe(String text) {
        return "'" + text + "' is not an address of a JVM: expected HOST:JMXPORT, such as localhost:9010";
    }
}
