package io.forebay.testing;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * One node of a cluster, controller and broker. The same as Kafka's {@link KafkaRaftServer}, but that controller and broker are
 * started one by one: what {@link KilledBroker} does must come in between.
 */
final class BrokerNode {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerNode.class);

    private final SharedServer shared;
    private final ControllerServer controller;
    private final BrokerServer broker;

    BrokerNode(KafkaConfig config) {
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> directories =
                KafkaRaftServer.initializeLogDirs(config, LOG, "[BrokerNode] ");
        MetaPropertiesEnsemble properties = directories._1();
        Metrics metrics = Server.initializeMetrics(
                config, Time.SYSTEM, properties.clusterId().orElseThrow());
        Map<Integer, InetSocketAddress> voters =
                QuorumConfig.parseVoterConnections(config.quorumConfig().voters());
        this.shared = new SharedServer(
                config,
                properties,
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(voters),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        this.broker = new BrokerServer(shared);
        this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), directories._2());
    }

    void startController() {
        controller.startup();
    }

    /** To be called between the two starts, where the last broker was killed. */
    void forgetKilledBroker() throws InterruptedException {
        KilledBroker.forget(controller.controller(), shared.loader());
    }

    void startBroker() {
        broker.startup();
    }

    /** Stops in order what has been started, and waits for it. The broker needs the controller to take its leave. */
    void shutdown() {
        broker.shutdown();
        controller.shutdown();
        broker.awaitShutdown();
        controller.awaitShutdown();
    }
}
