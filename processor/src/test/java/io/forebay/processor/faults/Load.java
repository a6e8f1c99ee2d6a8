package io.forebay.processor.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Records that come in until it is told to stop: {@code key:number}, numbered per key from 0 on. What it has produced is in the
 * topic once each, also when the broker goes away meanwhile.
 */
final class Load implements AutoCloseable {

    private static final int KEYS = 40;
    private static final int BATCH = 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final String topic;
    private final KafkaProducer<String, String> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean stopped;
    private int produced;

    private Load(String bootstrapServers, String topic) {
        this.topic = topic;
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrapServers);
        config.put("linger.ms", "0");
        config.put("enable.idempotence", "true");
        // So long the broker may be away; nothing is given up, and so nothing is sent twice.
        config.put("delivery.timeout.ms", "120000");
        config.put("max.block.ms", "120000");
        producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    static Load start(String bootstrapServers, String topic) {
        Load load = new Load(bootstrapServers, topic);
        load.thread.start();
        return load;
    }

    private void run() {
        while (!stopped) {
            for (int i = 0; i < BATCH; i++) {
                String key = "k" + produced % KEYS;
                sent.add(producer.send(new ProducerRecord<>(topic, key, key + ":" + produced / KEYS)));
                produced++;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Stops, and makes sure that everything has arrived. Returns the values of each key, in order. */
    Map<String, List<String>> stop() throws InterruptedException, ExecutionException {
        stopped = true;
        thread.join();
        producer.flush();
        for (Future<RecordMetadata> future : sent) {
            future.get();
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < produced; i++) {
            String key = "k" + i % KEYS;
            values.computeIfAbsent(key, any -> new ArrayList<>()).add(key + ":" + i / KEYS);
        }
        return values;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
        producer.close();
    }
}
