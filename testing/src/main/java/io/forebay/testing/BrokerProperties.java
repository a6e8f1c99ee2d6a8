package io.forebay.testing;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The settings of a one-node KRaft cluster: broker and controller in one, everything on the loopback address, everything
 * replicated once.
 */
final class BrokerProperties {

    static final int NODE_ID = 1;

    /** What the broker sets by itself and nobody may override. */
    static final Set<String> RESERVED = Set.of(
            "process.roles",
            "node.id",
            "listeners",
            "advertised.listeners",
            "controller.quorum.voters",
            "log.dir",
            "log.dirs",
            "metadata.log.dir");

    private BrokerProperties() {}

    /** Settings for these ports and this log directory; {@code overrides} win. */
    static Map<String, Object> of(Path logDir, int port, int controllerPort, Map<String, String> overrides) {
        Map<String, Object> props = new LinkedHashMap<>();
        String broker = "PLAINTEXT://" + Ports.HOST + ":" + port;
        String controller = Ports.HOST + ":" + controllerPort;
        props.put("process.roles", "broker,controller");
        props.put("node.id", Integer.toString(NODE_ID));
        props.put("listeners", broker + ",CONTROLLER://" + controller);
        props.put("advertised.listeners", broker);
        props.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        props.put("controller.listener.names", "CONTROLLER");
        // A static quorum: the controller's port is not part of the stored state and may differ at every start.
        props.put("controller.quorum.voters", NODE_ID + "@" + controller);
        props.put("log.dirs", logDir.toString());

        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            props.put(topic + ".replication.factor", "1");
            props.put(topic + ".num.partitions", "5"); // 50 by default: a slow first use
        }
        props.put("transaction.state.log.min.isr", "1");
        props.put("share.coordinator.state.topic.min.isr", "1");
        props.put("auto.create.topics.enable", "false");

        props.put("group.initial.rebalance.delay.ms", "0");
        // What the controller does not grant a starting broker at once, it grants at the next heartbeat.
        props.put("broker.heartbeat.interval.ms", "300");
        // 128 MiB by default, allocated at start.
        props.put("log.cleaner.dedupe.buffer.size", "8388608");
        props.put("num.network.threads", "2");
        props.put("num.io.threads", "4");
        props.put("background.threads", "4");
        props.putAll(overrides);
        return props;
    }
}
