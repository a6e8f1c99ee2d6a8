package io.forebay.testing;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;

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
 * <p>So the controller is started alone first, and told that the broker has gone. The metadata that the broker starts with
 * then names no leader, no coordinator begins before the one election, and there is no old session to wait for.
 */
final class KilledBroker {

    private KilledBroker() {}

    /** Tells the controller that the broker has gone, and waits until that is committed. */
    static void unregister(String controller) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_CONTROLLERS_CONFIG, controller))) {
            admin.unregisterBroker(BrokerProperties.NODE_ID).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
                throw e;
            } // it was killed before it had registered
        }
    }
}
