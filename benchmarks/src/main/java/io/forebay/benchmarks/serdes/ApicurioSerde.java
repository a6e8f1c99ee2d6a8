package io.forebay.benchmarks.serdes;

import io.apicurio.registry.resolver.client.RegistryArtifactReference;
import io.apicurio.registry.resolver.client.RegistryClientFacade;
import io.apicurio.registry.resolver.client.RegistryVersionCoordinates;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.forebay.serdes.event.Event;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The peer's serde, with Confluent's wire format and a registry that knows the event; it is asked once. */
final class ApicurioSerde implements Contender {
    private static final String TOPIC = "events";
    private static final Map<String, Object> CONFIG = Map.of(
            "apicurio.registry.url",
            "http://localhost:1",
            "apicurio.registry.auto-register",
            true,
            "apicurio.registry.check-period-ms",
            3_600_000L,
            "apicurio.registry.use-specific-avro-reader",
            true);

    private final AvroKafkaSerializer<Event> serializer = new AvroKafkaSerializer<>(new OneSchema());
    private final AvroKafkaDeserializer<Event> deserializer = new AvroKafkaDeserializer<>(new OneSchema());

    ApicurioSerde() {
        serializer.configure(CONFIG, false);
        deserializer.configure(CONFIG, false);
    }

    @Override
    public byte[] serialize(Event event) {
        return serializer.serialize(TOPIC, event);
    }

    @Override
    public Event deserialize(byte[] bytes) {
        return deserializer.deserialize(TOPIC, bytes);
    }

    private static final class OneSchema implements RegistryClientFacade {
        private static final RegistryVersionCoordinates COORDINATES =
                RegistryVersionCoordinates.create(1L, 1L, "default", TOPIC + "-value", "1");

        @Override
        public String getSchemaByContentId(Long contentId) {
            return Event.getClassSchema().toString();
        }

        @Override
        public String getSchemaByGlobalId(long globalId, boolean dereferenced) {
            return Event.getClassSchema().toString();
        }

        @Override
        public String getSchemaByGAV(String groupId, String artifactId, String version) {
            return Event.getClassSchema().toString();
        }

        @Override
        public String getSchemaByContentHash(String contentHash) {
            return Event.getClassSchema().toString();
        }

        @Override
        public List<RegistryArtifactReference> getReferencesByContentId(long contentId) {
            return List.of();
        }

        @Override
        public List<RegistryArtifactReference> getReferencesByGlobalId(long globalId) {
            return List.of();
        }

        @Override
        public List<RegistryArtifactReference> getReferencesByGAV(String groupId, String artifactId, String version) {
            return List.of();
        }

        @Override
        public List<RegistryArtifactReference> getReferencesByContentHash(String contentHash) {
            return List.of();
        }

        @Override
        public List<RegistryVersionCoordinates> searchVersionsByContent(
                String schema, String artifactType, ArtifactReference reference, boolean canonical) {
            return List.of(COORDINATES);
        }

        @Override
        public RegistryVersionCoordinates createSchema(
                String artifactType,
                String groupId,
                String artifactId,
                String version,
                String autoCreateBehavior,
                boolean canonical,
                String schema,
                Set<RegistryArtifactReference> references) {
            return COORDINATES;
        }

        @Override
        public RegistryVersionCoordinates getVersionCoordinatesByGAV(
                String groupId, String artifactId, String version) {
            return COORDINATES;
        }

        @Override
        public Object getClient() {
            return this;
        }
    }
}
