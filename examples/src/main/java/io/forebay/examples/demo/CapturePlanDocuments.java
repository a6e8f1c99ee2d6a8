package io.forebay.examples.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.forebay.processor.plan.CapturePlan;
import io.forebay.processor.plan.CapturePlans;
import io.forebay.processor.plan.InvalidPlanException;
import io.forebay.processor.plan.PlanConflictException;
import io.forebay.processor.plan.PlansUnavailableException;
import io.forebay.processor.plan.StoredPlan;
import io.forebay.query.DocumentCollection;
import io.forebay.query.DocumentException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Shows capture plans over HTTP. {@code processor} has the plans and {@code query} the routes; they meet here. */
final class CapturePlanDocuments implements DocumentCollection {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final CapturePlans plans;

    CapturePlanDocuments(CapturePlans plans) {
        this.plans = plans;
    }

    @Override
    public String path() {
        return "capture-plans";
    }

    @Override
    public String noun() {
        return "capture plan";
    }

    @Override
    public List<Document> list() {
        return translated(
                () -> plans.list().stream().map(CapturePlanDocuments::document).toList());
    }

    @Override
    public Optional<Document> find(String name) {
        return translated(() -> plans.find(name).map(CapturePlanDocuments::document));
    }

    @Override
    public Document put(String name, JsonNode content, long expectedVersion) {
        return translated(
                () -> document(plans.put(name, CapturePlan.parse(content.toString()), version(expectedVersion))));
    }

    @Override
    public void delete(String name, long expectedVersion) {
        translated(() -> {
            plans.delete(name, version(expectedVersion));
            return name;
        });
    }

    private static long version(long expected) {
        if (expected == NONE) {
            return CapturePlans.NONE;
        }
        return expected == ANY ? CapturePlans.ANY : expected;
    }

    private static Document document(StoredPlan stored) {
        try {
            return new Document(
                    stored.name(), stored.version(), JSON.readTree(stored.plan().toJson()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan is always JSON", e);
        }
    }

    private static <T> T translated(Supplier<T> action) {
        try {
            return action.get();
        } catch (InvalidPlanException e) {
            throw DocumentException.invalid(String.valueOf(e.getMessage()), e.pointer());
        } catch (PlanConflictException e) {
            throw DocumentException.conflict(String.valueOf(e.getMessage()), e.version());
        } catch (PlansUnavailableException e) {
            throw DocumentException.unavailable(String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw DocumentException.invalid(String.valueOf(e.getMessage()), ""); // the name
        }
    }
}
