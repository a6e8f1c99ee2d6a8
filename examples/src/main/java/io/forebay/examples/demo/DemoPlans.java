package io.forebay.examples.demo;

import io.forebay.examples.jfr.JfrSettings;
import io.forebay.examples.jfr.JfrSource;
import io.forebay.processor.plan.CapturePlan;
import io.forebay.processor.plan.CapturePlans;
import io.forebay.processor.plan.StoredPlan;
import io.forebay.query.DocumentCollection;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The capture plans of the demo, and the one that its source follows. */
final class DemoPlans implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DemoPlans.class);

    /** A cluster that has just started answers sooner; one that does not let us read is not waited for. */
    private static final Duration LOADING = Duration.ofSeconds(5);

    private final CapturePlans plans;
    private final String name;

    private DemoPlans(CapturePlans plans, String name) {
        this.plans = plans;
        this.name = name;
    }

    /** @param name the plan that is followed */
    static DemoPlans open(String bootstrapServers, String name) {
        Map<String, Object> cluster = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return new DemoPlans(CapturePlans.open(CapturePlans.DEFAULT_TOPIC, cluster), name);
    }

    DocumentCollection documents() {
        return new CapturePlanDocuments(plans);
    }

    /** What is captured from the start: the plan of the last run holds at once. */
    JfrSettings settings() throws InterruptedException {
        if (!plans.awaitLoaded(LOADING)) {
            LOG.warn("The capture plans are not there yet; capturing by default, and following plan {} later", name);
            return JfrSettings.defaults();
        }
        return settings(plans.find(name).orElse(null));
    }

    /** Keeps the source to the plan. */
    void follow(JfrSource source) {
        plans.follow(name, plan -> source.apply(settings(plan)));
    }

    private static JfrSettings settings(@Nullable StoredPlan stored) {
        CapturePlan plan = stored == null ? CapturePlan.EVERYTHING : stored.plan();
        return JfrSettings.defaults().following(plan);
    }

    @Override
    public void close() {
        plans.close();
    }
}
