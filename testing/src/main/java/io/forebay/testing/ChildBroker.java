package io.forebay.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The main class of {@link ChildKafka}'s process: an embedded broker that lives as long as its standard input is open.
 *
 * <p>It writes one line to standard output, {@code READY address} or {@code FAILED reason message}, and then waits for the end of its
 * input. That comes when the parent closes it, and also when the parent dies: no broker is left behind.
 */
final class ChildBroker {

    static final String READY = "READY ";
    static final String FAILED = "FAILED ";

    private ChildBroker() {}

    /** Arguments: directory, port, then broker settings as {@code name=value}. */
    public static void main(String[] args) throws IOException {
        PrintStream parent = System.out;
        System.setOut(System.err); // whatever else is printed must not end up in the protocol
        EmbeddedKafka.Builder builder = EmbeddedKafka.builder(Path.of(args[0])).port(Integer.parseInt(args[1]));
        for (int i = 2; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            builder.property(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        try (EmbeddedKafka kafka = builder.start()) {
            parent.println(READY + kafka.bootstrapServers());
            parent.flush();
            while (System.in.read() >= 0) {
                // nothing is ever sent: only the end of the input counts
            }
        } catch (KafkaStartException e) {
            parent.println(FAILED + e.reason() + " " + e.getMessage());
            parent.flush();
            System.exit(1);
        }
        System.exit(0);
    }
}
