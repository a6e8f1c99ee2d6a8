package io.forebay.processor.plan;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Applies a plan to events. It follows a plan as its listener, and lets everything pass as long as there is none:
 *
 * <pre>{@code
 * CaptureFilter<Event> filter = CaptureFilter.<Event>builder(Event::getType)
 *         .durationNanos(Event::getDurationNanos)
 *         .className(Event::getModule)
 *         .build();
 * plans.follow("checkout", filter);
 * EventPublisher.builder("events", Event::getId, serializer).filter(filter)…
 * }</pre>
 *
 * <p>Thread-safe. {@link #test} takes no lock, allocates nothing, and costs a look-up of the type plus, where the plan has
 * them, the patterns of classes. A change holds for the events that come after it; seconds of {@code maxPerSecond} then begin
 * anew.
 *
 * @param <E> the type of the events
 */
public final class CaptureFilter<E> implements Predicate<E>, PlanListener {

    private final Function<? super E, @Nullable String> type;
    private final Function<? super E, @Nullable Long> durationNanos;
    private final Function<? super E, @Nullable String> className;
    private final LongSupplier nanoTime;
    private final DoubleSupplier random;
    private volatile Rules rules = Rules.of(CapturePlan.EVERYTHING);

    private CaptureFilter(Builder<E> builder) {
        this.type = builder.type;
        this.durationNanos = builder.durationNanos;
        this.className = builder.className;
        this.nanoTime = builder.nanoTime;
        this.random = builder.random;
    }

    /**
     * Starts the options of a filter.
     *
     * @param type the type of an event, or null
     */
    public static <E> Builder<E> builder(Function<? super E, @Nullable String> type) {
        return new Builder<>(type);
    }

    @Override
    public void onPlan(@Nullable StoredPlan plan) {
        apply(plan == null ? CapturePlan.EVERYTHING : plan.plan());
    }

    /** Filters by this plan from now on. */
    public void apply(CapturePlan plan) {
        rules = Rules.of(plan);
    }

    /** Whether the event is captured. */
    @Override
    public boolean test(E event) {
        Rules current = rules;
        String name = type.apply(event);
        Rule rule = current.of(name);
        return rule.capture
                && isLongEnough(event, rule.minNanos)
                && (current.anyClass || current.classes.admits(className.apply(event)))
                && (rule.sample == 1 || random.getAsDouble() < rule.sample)
                && (rule.limits == null || rule.limits.of(name).pass(nanoTime.getAsLong()));
    }

    private boolean isLongEnough(E event, long minNanos) {
        if (minNanos == 0) {
            return true;
        }
        Long nanos = durationNanos.apply(event);
        return nanos == null || nanos >= minNanos;
    }

    /** A plan, ready for use. */
    private record Rules(Map<String, Rule> types, Rule otherTypes, ClassFilter classes, boolean anyClass) {

        static Rules of(CapturePlan plan) {
            Map<String, Rule> types = new HashMap<>();
            plan.types().forEach((type, rule) -> types.put(type, Rule.of(rule)));
            return new Rules(
                    types,
                    Rule.of(plan.otherTypes()),
                    plan.classes(),
                    plan.classes().equals(ClassFilter.ALL));
        }

        Rule of(@Nullable String type) {
            Rule rule = types.get(type);
            return rule == null ? otherTypes : rule;
        }
    }

    private record Rule(
            boolean capture,
            long minNanos,
            double sample,
            @Nullable RateLimits limits) {

        static Rule of(TypeRule rule) {
            Duration min = rule.minDuration();
            Integer max = rule.maxPerSecond();
            return new Rule(
                    rule.capture(),
                    min == null ? 0 : min.toNanos(),
                    rule.sample(),
                    max == null ? null : new RateLimits(max));
        }
    }

    /**
     * Collects what a filter has to know of events. Not thread-safe; the functions must be, and quick.
     *
     * @param <E> the type of the events
     */
    public static final class Builder<E> {

        private final Function<? super E, @Nullable String> type;
        private Function<? super E, @Nullable Long> durationNanos = event -> null;
        private Function<? super E, @Nullable String> className = event -> null;
        private LongSupplier nanoTime = System::nanoTime;
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

        private Builder(Function<? super E, @Nullable String> type) {
            this.type = Objects.requireNonNull(type, "type");
        }

        /** How long an event took, in nanoseconds, or null (default: null, so that {@code minDuration} leaves none out). */
        public Builder<E> durationNanos(Function<? super E, @Nullable Long> function) {
            this.durationNanos = Objects.requireNonNull(function, "durationNanos");
            return this;
        }

        /** The class an event comes from, or null (default: null, so that {@code classes} leaves none out). */
        public Builder<E> className(Function<? super E, @Nullable String> function) {
            this.className = Objects.requireNonNull(function, "className");
            return this;
        }

        Builder<E> nanoTime(LongSupplier clock) {
            this.nanoTime = clock;
            return this;
        }

        /** Gives numbers from 0 (inclusive) to 1 (exclusive). */
        Builder<E> random(DoubleSupplier numbers) {
            this.random = numbers;
            return this;
        }

        /** The filter; everything passes until it is told of a plan. */
        public CaptureFilter<E> build() {
            return new CaptureFilter<>(this);
        }
    }
}
