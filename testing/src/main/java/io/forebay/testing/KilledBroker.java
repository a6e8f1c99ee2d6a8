package io.forebay.testing;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.Controller;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.loader.MetadataLoader;
import org.apache.kafka.image.publisher.MetadataPublisher;

/**
 * Takes a broker that was killed out of its cluster, before it is started again.
 *
 * <p>In the cluster's metadata a killed broker goes on leading its partitions. Started again it believes that, until its old
 * session has ended; then the controller takes the leadership away, and gives it back when the broker has registered. In
 * between, Kafka 4.3.1 loses the end of transactions. The coordinator has begun to complete those that had been decided, but
 * not completed, when the broker was killed. When it looks for the leader of a partition that has none at this moment, it
 * takes that partition for a deleted one, leaves its marker out, and notes the transaction as completed (KAFKA-20734). Nothing
 * completes it any more: who reads what is committed, records or offsets, waits at this place for ever.
 *
 * <p>So the controller, which starts first, is told that the broker has gone. The metadata that the broker starts with then
 * names no leader, no coordinator begins before the one election, and there is no old session to wait for.
 */
final class KilledBroker {

    private static final long DEADLINE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(10).toNanos();

    private KilledBroker() {}

    /** Returns when the metadata of this node does not know the broker any more. */
    static void forget(Controller controller, MetadataLoader metadata) throws InterruptedException {
        Absence absence = new Absence();
        try {
            unregister(controller);
            metadata.installPublishers(List.of(absence)).get();
            absence.seen.get();
            metadata.removeAndClosePublisher(absence).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the killed broker cannot be taken out of the cluster: " + e.getCause(), e.getCause());
        }
    }

    private static void unregister(Controller controller) throws ExecutionException, InterruptedException {
        ControllerRequestContext context =
                new ControllerRequestContext(new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
        long start = System.nanoTime();
        while (true) {
            try {
                controller.unregisterBroker(context, BrokerProperties.NODE_ID).get();
                return;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof BrokerIdNotRegisteredException) {
                    return; // killed before it had registered
                }
                boolean notYetElected = e.getCause() instanceof NotControllerException;
                if (!notYetElected || System.nanoTime() - start > DEADLINE_NANOS) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** Sees the metadata as the broker will. */
    private static final class Absence implements MetadataPublisher {

        private final CompletableFuture<Void> seen = new CompletableFuture<>();

        @Override
        public String name() {
            return "forebay-killed-broker";
        }

        @Override
        public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
            if (image.cluster().broker(BrokerProperties.NODE_ID) == null) {
                seen.complete(null);
            }
        }
    }
}
