package io.forebay.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.forebay.examples.jfr.JfrSettings;
import io.forebay.processor.plan.CapturePlan;
import io.forebay.processor.plan.CapturePlans;
import io.forebay.processor.plan.TypeRule;
import io.forebay.query.DocumentCollection;
import io.forebay.query.DocumentCollection.Document;
import io.forebay.query.DocumentException;
import io.forebay.testing.KafkaFixture;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DemoPlansIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private final String name = kafka.uniqueName("plan");

    @Test
    void thePlanOfTheLastRunHoldsFromTheStart() throws InterruptedException {
        CapturePlan plan = CapturePlan.EVERYTHING.withOtherTypes(TypeRule.NONE).with("jdk.CPULoad", TypeRule.ALL);
        try (DemoPlans first = DemoPlans.open(kafka.bootstrapServers(), name)) {
            assertThat(first.settings()).isEqualTo(JfrSettings.defaults());
        }
        try (CapturePlans plans =
                CapturePlans.open(CapturePlans.DEFAULT_TOPIC, Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            plans.put(name, plan, CapturePlans.NONE);
        }
        try (DemoPlans second = DemoPlans.open(kafka.bootstrapServers(), name)) {
            assertThat(second.settings()).isEqualTo(JfrSettings.defaults().following(plan));
            assertThat(second.settings().events()).containsOnlyKeys("jdk.CPULoad");
        }
    }

    @Test
    void plansAreDocuments() throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode content = json.readTree("{\"otherTypes\": {\"capture\": false}}");
        try (DemoPlans plans = DemoPlans.open(kafka.bootstrapServers(), name)) {
            DocumentCollection documents = plans.documents();
            Document made = documents.put(name, content, DocumentCollection.NONE);
            assertThat(documents.find(name)).contains(made);
            assertThat(documents.list()).contains(made);
            assertRefused(() -> documents.put(name, content, DocumentCollection.NONE), "not to be there");
            assertRefused(() -> documents.put(name, content, made.version() + 1), "has version " + made.version());
            assertRefused(() -> documents.put("a b", content, DocumentCollection.ANY), "'a b' is no name");
            assertRefused(
                    () -> documents.put(name, json.createObjectNode().put("x", 1), DocumentCollection.ANY),
                    "/x: is unknown");
            assertThat(documents.put(name, content, DocumentCollection.ANY).version())
                    .isGreaterThan(made.version());
            documents.delete(name, DocumentCollection.ANY);
            assertThat(documents.find(name)).isEmpty();
            assertRefused(() -> documents.delete(name, DocumentCollection.ANY), "is not there");
        }
        try (DemoPlans nowhere = DemoPlans.open("localhost:1", name)) {
            assertRefused(() -> nowhere.documents().list(), "has not been read yet");
            assertRefused(() -> nowhere.documents().find(name), "has not been read yet");
        }
    }

    private static void assertRefused(Runnable action, String message) {
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(action::run)
                .withMessageContaining(message);
    }
}
