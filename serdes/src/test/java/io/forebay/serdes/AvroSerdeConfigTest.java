package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.event.Event;
import io.forebay.serdes.registry.StubServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroSerdeConfigTest {
    @Test
    void aConfiguredSerdeReadsAndWritesTheClassItIsGiven() {
        try (var serde = new AvroSerde<Event>()) {
            serde.configure(Map.of("avro.record.class", Event.class.getName()), false);
            assertThat(AvroSerdesTest.roundTrip(serde, SampleEvents.full())).isEqualTo(SampleEvents.full());
        }
    }

    @Test
    void generatedClassesAreFoundByNameIfAskedFor() {
        try (var specific = new AvroSerde<Object>();
                var generic = new AvroSerde<Object>()) {
            specific.configure(Map.of("specific.avro.reader", true), false);
            generic.configure(Map.of(), false);
            byte[] bytes = generic.serializer().serialize("t", SampleEvents.full());
            assertThat(specific.deserializer().deserialize("t", bytes)).isEqualTo(SampleEvents.full());
            assertThat(generic.deserializer().deserialize("t", bytes)).isInstanceOf(GenericRecord.class);
            assertThat(AvroSerdesTest.roundTrip(generic, "text")).hasToString("text");
            assertThat(AvroSerdesTest.roundTrip(generic, 7L)).isEqualTo(7L);
        }
    }

    @Test
    void anyClassIsReadByReflectionIfAskedFor() {
        try (var serde = new AvroSerde<AvroSerdesTest.Pojo>()) {
            serde.configure(
                    Map.of("schema.reflection", "true", "avro.record.class", AvroSerdesTest.Pojo.class.getName()),
                    false);
            assertThat(AvroSerdesTest.roundTrip(serde, new AvroSerdesTest.Pojo()))
                    .usingRecursiveComparison()
                    .isEqualTo(new AvroSerdesTest.Pojo());
        }
    }

    @Test
    void useBeforeConfigurationIsRefused() {
        assertThatThrownBy(() -> new AvroSerializer<Event>().serialize("t", SampleEvents.full()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not configured");
    }

    @Test
    void aSerdeMadeInCodeIgnoresConfiguration() {
        try (var serde = AvroSerdes.specific(Event.class).build()) {
            serde.configure(Map.of("schema.registry.url", "http://localhost:1"), false);
            assertThat(AvroSerdesTest.roundTrip(serde, SampleEvents.full())).isEqualTo(SampleEvents.full());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "schema.registry.url=nonsense                                          | nonsense",
                "schema.registry.url=http://x;use.latest.version=true;auto.register.schemas=true | auto.register.schemas",
                "schema.registry.url=http://x;value.subject.name.strategy=mine         | mine",
                "schema.registry.url=http://x;schemas.topic=t                          | excludes schema.registry.url",
                "schema.registry.url=http://x;basic.auth.user.info=u:p                 | basic.auth.credentials.source",
                "schema.registry.url=http://x;basic.auth.credentials.source=USER_INFO  | missing",
                "schema.registry.url=http://x;basic.auth.credentials.source=USER_INFO;basic.auth.user.info=u | user:password",
                "schema.registry.url=http://x;max.retries=-1                           | max.retries",
                "schemas.topic=t                                                       | bootstrap.servers",
                "avro.record.class=java.lang.String                                    | java.lang.String",
                "schema.reflection=true                                                | avro.record.class",
            })
    void wrongOptionsAreRefusedNamingThem(String options, String reason) {
        Map<String, String> configs = new HashMap<>();
        for (String option : options.split(";")) {
            String[] parts = option.strip().split("=", 2);
            configs.put(parts[0], parts[1]);
        }
        try (var serde = new AvroSerde<>()) {
            assertThatThrownBy(() -> serde.configure(configs, false))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(reason);
        }
    }

    @Test
    void namesThatExistingConfigurationsUseAreUnderstood() {
        try (var serde = new AvroSerde<>()) {
            serde.configure(
                    Map.of(
                            "schema.registry.url", "https://one:8081,https://two:8081",
                            "auto.register.schemas", "false",
                            "value.subject.name.strategy", "io.confluent.kafka.serializers.subject.RecordNameStrategy",
                            "basic.auth.credentials.source", "USER_INFO",
                            "basic.auth.user.info", new Password("me:secret"),
                            "bootstrap.servers", "ignored:9092"),
                    false);
        }
    }

    @Test
    void optionsOfTheRegistrysClientMayHaveItsPrefix() {
        try (StubServer server =
                        new StubServer(request -> new StubServer.Reply(200, "{\"schema\":\"\\\"string\\\"\"}"));
                var serde = new AvroSerde<>()) {
            serde.configure(
                    Map.of(
                            "schema.registry.url", server.url(),
                            "schema.registry.basic.auth.credentials.source", "USER_INFO",
                            "schema.registry.basic.auth.user.info", "me:secret"),
                    false);
            serde.deserializer().deserialize("t", new byte[] {0, 0, 0, 0, 1, 0});
            assertThat(server.requests().get(0).authorization()).isEqualTo("Basic bWU6c2VjcmV0");
        }
    }

    @Test
    void anOptionWithAndWithoutPrefixHasToBeTheSame() {
        try (var serde = new AvroSerde<>()) {
            assertThatThrownBy(() -> serde.configure(
                            Map.of(
                                    "schema.registry.url", "http://x",
                                    "basic.auth.credentials.source", "USER_INFO",
                                    "basic.auth.user.info", "me:secret",
                                    "schema.registry.basic.auth.user.info", "me:s3cret"),
                            false))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll("basic.auth.user.info", "schema.registry.basic.auth.user.info")
                    .message()
                    .doesNotContain("me:");
        }
    }

    /** The manual's table is this one, so it cannot be out of date. */
    @Test
    void theManualListsEveryOption() throws Exception {
        StringBuilder table = new StringBuilder("| option | default | meaning |\n| --- | --- | --- |\n");
        for (ConfigDef.ConfigKey key : AvroSerdeConfig.DEFINITION.configKeys().values().stream()
                .sorted(java.util.Comparator.comparing(key -> key.name))
                .toList()) {
            Object value = key.defaultValue;
            String shown = value == null || value.toString().equals("[]") ? "–" : "`" + value + "`";
            table.append("| `%s` | %s | %s |%n".formatted(key.name, shown, key.documentation));
        }
        assertThat(Files.readString(Path.of("../docs/serdes.md"))).contains(table);
    }
}
