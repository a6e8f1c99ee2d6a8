package io.forebay.store;

import io.forebay.store.CrashPoints.Moment;
import io.forebay.store.internal.streams.TaskContext;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * The changelog of a store, which the active set goes to: some of it ahead of the commit, where that is allowed and enough has come together,
 * and the rest when the commit is prepared. {@link CommitProtocol} says when.
 *
 * <p>Belongs to the StreamThread.
 */
final class Changelog<S extends ChangeSet> {

    private static final Duration FREQUENT_COMMITS = Duration.ofSeconds(1);

    private final String store;
    private final TaskContext task;
    private final TopicPartition partition;
    private final StoreContents<S> contents;
    private final Position position;
    private final CrashPoints crashPoints;

    /** More changes than that are logged ahead together. */
    private final int loggedTogether;

    /** Whether something of the active set is in the changelog: what is acknowledged goes beyond what RocksDB may have. */
    private boolean partlyLogged;

    Changelog(StoreCore core, TopicPartition partition, StoreContents<S> contents, CommitSettings commits) {
        this.store = core.name();
        this.task = core.task();
        this.partition = partition;
        this.contents = contents;
        this.position = core.position();
        this.crashPoints = commits.crashPoints();
        this.loggedTogether = isLoggedAhead(core) ? commits.loggedTogether() : Integer.MAX_VALUE;
    }

    /**
     * Whether changes may be logged before their commit is prepared. Not without transactions: a crash would leave them in the changelog while
     * what they have led to downstream is lost, and when they are processed again they are nothing new. And not where commits are
     * rare: most of what is logged would be replaced before the commit.
     */
    static boolean isLoggedAhead(StoreCore core) {
        return core.changelog() != null
                && TaskContext.isExactlyOnce(core.context())
                && core.task().commitInterval().compareTo(FREQUENT_COMMITS) <= 0;
    }

    /** Whether so much has come together in the active set that it is worth logging ahead. */
    boolean isWorthLogging(S active) {
        return active.unlogged() > loggedTogether;
    }

    /**
     * Writes what has come together in the active set, all but the last change: that one is left to carry the position. The producer sends it
     * while the task goes on, so that the commit has less to wait for.
     */
    void logAhead(S active) {
        partlyLogged = true;
        contents.logAhead(active, writer());
    }

    /** Writes what of the active set is not there yet. */
    void log(S active) {
        partlyLogged = true;
        contents.log(active, writer());
        crashPoints.reached(Moment.LOGGED);
    }

    private ChangelogWriter writer() {
        return new ChangelogWriter(store, task, crashPoints, position);
    }

    /** The active set is another one, of which nothing is logged. */
    void startSet() {
        partlyLogged = false;
    }

    boolean isPartlyLogged() {
        return partlyLogged;
    }

    /** The offset of what is known to have arrived, or null if nothing is. */
    @Nullable
    Long acknowledgedOffset() {
        OptionalLong offset = task.acknowledgedOffset(partition);
        return offset.isPresent() ? offset.getAsLong() : null;
    }
}
