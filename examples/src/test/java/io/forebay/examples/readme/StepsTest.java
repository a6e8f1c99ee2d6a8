package io.forebay.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.examples.readme.PaymentsTopology.Payment;
import io.forebay.examples.readme.StepsTopology.Account;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;

/** What {@link StepsTopology} shows does what the documents say. */
class StepsTest {

    private static final Serde<Account> ACCOUNTS = Serdes.serdeFrom(
            (topic, account) -> ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(account.version())
                    .putLong(account.balance())
                    .array(),
            (topic, bytes) -> {
                ByteBuffer fields = ByteBuffer.wrap(bytes);
                return new Account(fields.getLong(), fields.getLong());
            });

    @Test
    void passesOnTheNewest() {
        try (TopologyTestDriver driver = driver(StepsTopology.newest(ACCOUNTS))) {
            TestInputTopic<String, Account> input = input(driver, "accounts", ACCOUNTS);
            TestOutputTopic<String, Account> output = output(driver, "newest-accounts", ACCOUNTS);
            input.pipeInput("ann", new Account(1, 10));
            input.pipeInput("ann", new Account(3, 30));
            input.pipeInput("ann", new Account(2, 20));
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            input.pipeInput("ann", new Account(2, 20));
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(output.readKeyValuesToList()).containsExactly(KeyValue.pair("ann", new Account(3, 30)));
        }
    }

    @Test
    void sendsStaleUpdatesElsewhere() {
        try (TopologyTestDriver driver = driver(StepsTopology.newestAndStale(ACCOUNTS))) {
            TestInputTopic<String, Account> input = input(driver, "accounts", ACCOUNTS);
            input.pipeInput("ann", new Account(2, 20));
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            input.pipeInput("ann", new Account(1, -10));
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(output(driver, "balances", Serdes.Long()).readValuesToList())
                    .containsExactly(20L);
            assertThat(output(driver, "overdrawn-before", ACCOUNTS).readValuesToList())
                    .containsExactly(new Account(1, -10));
        }
    }

    @Test
    void writesAndForwards() {
        List<Payment> written = Collections.synchronizedList(new ArrayList<>());
        Serde<Payment> payments = ReadmeTest.paymentSerde();
        StreamsBuilder topology =
                StepsTopology.write(payments, batch -> batch.forEach(record -> written.add(record.value())));
        try (TopologyTestDriver driver = driver(topology)) {
            Payment payment = new Payment("p1", Instant.parse("2026-01-02T03:04:05Z"), "ann", "Ghent", "3");
            input(driver, "payments", payments).pipeInput("p1", payment);
            assertThat(written).containsExactly(payment);
            assertThat(output(driver, "payments-in-db", payments).readValuesToList())
                    .containsExactly(payment);
        }
    }

    private static TopologyTestDriver driver(StreamsBuilder builder) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "steps");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, "target/steps");
        return new TopologyTestDriver(builder.build(), config);
    }

    private static <V> TestInputTopic<String, V> input(TopologyTestDriver driver, String topic, Serde<V> values) {
        return driver.createInputTopic(topic, new StringSerializer(), values.serializer());
    }

    private static <V> TestOutputTopic<String, V> output(TopologyTestDriver driver, String topic, Serde<V> values) {
        return driver.createOutputTopic(topic, new StringDeserializer(), values.deserializer());
    }
}
