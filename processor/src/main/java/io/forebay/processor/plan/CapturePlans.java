package io.forebay.processor.plan;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The capture plans of a Kafka cluster: a compacted topic, followed for as long as this is open.
 *
 * <pre>{@code
 * try (CapturePlans plans = CapturePlans.open(CapturePlans.DEFAULT_TOPIC, Map.of("bootstrap.servers", "kafka:9092"))) {
 *     plans.follow("checkout", filter);
 *     StoredPlan written = plans.put("checkout", plan, CapturePlans.NONE);
 *     plans.put("checkout", changed, written.version()); // refused if somebody else was faster
 * }
 * }</pre>
 *
 * <p>Reading answers from memory: what this program has written is seen at once, what others write some milliseconds later.
 * A change goes through the cluster: of several that name the same version, one is made, and the others are refused. Where
 * the topic is missing it is made. Programs that only follow need {@code READ} and {@code DESCRIBE} on it; those that change
 * plans also {@code WRITE}, {@code DESCRIBE_CONFIGS}, and {@code WRITE} on the transactional id {@code <topic>-writer}.
 *
 * <p>Opening never fails for want of a cluster: agents start without one, and follow when it comes.
 *
 * <p>Thread-safe.
 */
public final class CapturePlans implements AutoCloseable {

    /** What the topic is called unless there is a reason to call it something else. */
    public static final String DEFAULT_TOPIC = "forebay-capture-plans";

    /** In place of a version: the plan must not be there yet. */
    public static final long NONE = -1;

    /** In place of a version: whatever is there. */
    public static final long ANY = -2;

    private final PlanState state = new PlanState();
    private final LongAdder malformed = new LongAdder();
    private final PlanClients clients;
    private final PlanFollower follower;
    private final PlanWriter writer;

    private CapturePlans(PlanClients clients) {
        this.clients = clients;
        this.follower = new PlanFollower(clients, state, malformed);
        this.writer = new PlanWriter(clients, state);
    }

    /**
     * Begins to follow a topic of plans.
     *
     * @param topic its name, usually {@link #DEFAULT_TOPIC}
     * @param clientConfigs {@code bootstrap.servers} and whatever else Kafka clients need to connect; settings that concern
     *     other things are ignored, except for {@code default.api.timeout.ms}, within which a change has to be made (10 s)
     * @throws IllegalArgumentException if {@code bootstrap.servers} is missing, or no topic may have that name
     */
    public static CapturePlans open(String topic, Map<String, ?> clientConfigs) {
        CapturePlans plans = new CapturePlans(new PlanClients(topic, clientConfigs));
        plans.follower.start();
        return plans;
    }

    /** Waits until the topic has been read to its end for the first time; answers whether it has. */
    public boolean awaitLoaded(Duration timeout) throws InterruptedException {
        return state.awaitLoaded(timeout);
    }

    /**
     * All plans, by name.
     *
     * @throws PlansUnavailableException if the topic has not been read yet
     */
    public List<StoredPlan> list() {
        return List.copyOf(plans().values());
    }

    /**
     * One plan.
     *
     * @throws PlansUnavailableException if the topic has not been read yet
     */
    public Optional<StoredPlan> find(String name) {
        return Optional.ofNullable(plans().get(name));
    }

    private SortedMap<String, StoredPlan> plans() {
        SortedMap<String, StoredPlan> plans = state.plans();
        if (plans == null) {
            String trouble = follower.trouble();
            throw new PlansUnavailableException("topic " + clients.topic() + " of capture plans has not been read yet"
                    + (trouble == null ? "" : ": " + trouble));
        }
        return plans;
    }

    /**
     * Makes or replaces a plan.
     *
     * @param name 1 to 100 letters, digits, dots, dashes and underscores
     * @param expectedVersion the version to replace, {@link #NONE} or {@link #ANY}
     * @throws PlanConflictException if it has another version; nothing was written
     * @throws PlansUnavailableException if the cluster does not take it in time
     * @throws IllegalArgumentException if no plan may have that name, or it is longer than {@link CapturePlan#MAX_BYTES}
     * @throws IllegalStateException if this is closed
     */
    public StoredPlan put(String name, CapturePlan plan, long expectedVersion) {
        requireOpen();
        byte[] json = plan.toJson().getBytes(StandardCharsets.UTF_8);
        CapturePlan written = CapturePlan.parse(json); // nothing is written that could not be read
        long version =
                writer.write(PlanNames.checked(name), json, current -> requireVersion(name, expectedVersion, current));
        return new StoredPlan(name, version, written);
    }

    /**
     * Deletes a plan; whoever follows it is told that there is none.
     *
     * @param expectedVersion the version to delete, or {@link #ANY}
     * @throws PlanConflictException if it has another version, or is not there; nothing was written
     * @throws PlansUnavailableException if the cluster does not take it in time
     */
    public void delete(String name, long expectedVersion) {
        if (expectedVersion == NONE) {
            throw new IllegalArgumentException("expectedVersion=NONE: what is not there cannot be deleted");
        }
        requireOpen();
        long unused = writer.write(PlanNames.checked(name), null, current -> {
            if (current == null) {
                throw new PlanConflictException(name, expectedVersion, null);
            }
            requireVersion(name, expectedVersion, current);
        });
    }

    private static void requireVersion(String name, long expected, @Nullable StoredPlan current) {
        boolean asExpected = expected == ANY || (current == null ? expected == NONE : expected == current.version());
        if (!asExpected) {
            throw new PlanConflictException(name, expected, current == null ? null : current.version());
        }
    }

    /**
     * Tells a listener of a plan, as soon as the topic has been read, and of each change from then on. Of changes that come in
     * quick succession, the last is enough.
     *
     * @return closing it ends that; so does closing this
     * @throws IllegalStateException if this is closed
     */
    public Subscription follow(String name, PlanListener listener) {
        requireOpen();
        return follower.subscribe(PlanNames.checked(name), listener);
    }

    /** A listener's being told. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {

        /** Ends it; a call under way may still come to its end. */
        @Override
        void close();
    }

    /** How many records of the topic were skipped because they are no plans; those read again count again. */
    public long malformed() {
        return malformed.sum();
    }

    private void requireOpen() {
        if (follower.isClosed()) {
            throw new IllegalStateException("the capture plans of topic " + clients.topic()
                    + " are closed: what was read can still be asked for, but nothing changed or followed");
        }
    }

    /** Stops following, within seconds. Plans and listeners' state stay as they are. Idempotent. */
    @Override
    public void close() {
        follower.close();
    }
}
