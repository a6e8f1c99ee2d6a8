package io.forebay.examples.cli;

import io.forebay.testing.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Loads the classes that a start needs and ends, so that the launcher can make its class archive of them. */
@Command(name = "warm-up", hidden = true, description = "Load the classes that a start needs, and end.")
final class WarmUpCommand implements Callable<Integer> {

    private static final String TOPIC = "warm-up";

    @Option(
            names = "--directory",
            required = true,
            paramLabel = "DIR",
            description = "Where to work; removed at the end.")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws Exception {
        remove(directory); // what an interrupted run may have left
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
            try (Admin admin = Admin.create(config);
                    KafkaProducer<String, String> producer =
                            new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                        .all()
                        .get();
                producer.send(new ProducerRecord<>(TOPIC, "value")).get();
            }
        } finally {
            remove(directory);
        }
        return 0;
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
