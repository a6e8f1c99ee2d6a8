package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.CrashAt.Crash;
import io.forebay.store.CrashPoints.Moment;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * One store, from its first opening to its last closing: changes, commits that succeed and fail, crashes at every moment of the
 * protocol, restarts, lost disks, turns as a standby. One method for each thing that may happen to it. After each of them it is compared
 * with a plain model.
 *
 * @param <T> the store
 * @param <M> what it should hold
 * @param <I> what is processed with one input record
 */
abstract class StoreLife<T extends TransactionalStore<?>, M extends StoreLife.Model<M>, I> implements AutoCloseable {

    final long seed;
    final Random random;
    final boolean exactlyOnce;
    final boolean logged;
    final MemoryChangelog changelog = new MemoryChangelog();
    final CrashAt crashAt = new CrashAt();
    final StoreTask<T> task;

    /** What the store holds. */
    M model;

    /** What it held at the last commit. */
    M committed;

    /** The last input offset that is part of the last commit. */
    long committedInput = StoreTask.NO_INPUT;

    /** The last input offset that was ever processed. */
    long highestInput = StoreTask.NO_INPUT;

    private final List<Happening> happenings = new ArrayList<>();
    private final List<String> story = new ArrayList<>();

    /** What has to be processed again after a crash. */
    private final List<I> uncommitted = new ArrayList<>();

    private boolean draining;

    /** Whether the model may not have what was processed last: the store has failed before. */
    private boolean amidInput;

    private M committedBefore;

    /** Without a changelog, what the store held when it last wrote. */
    private M written;

    StoreLife(Circumstances circumstances, M nothing) {
        this.seed = circumstances.seed;
        this.random = new Random(seed);
        this.exactlyOnce = circumstances.guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2);
        this.logged = circumstances.logged;
        this.task = new StoreTask<>(circumstances.directory, circumstances.guarantee, changelog);
        this.model = nothing;
        this.committed = nothing;
        this.committedBefore = nothing;
        this.written = nothing;
        mayHappen(1, "commit that another task's failure repeats", this::commitAtSecondAttempt);
        mayHappen(1, "commit that times out", this::commitThatTimesOut);
        mayHappen(1, "crash", this::crash);
        mayHappen(1, "clean restart", this::restart);
        mayHappen(1, "dirty close", this::closeDirty);
        mayHappen(1, "lost disk", this::loseDisk);
        mayHappen(1, "corrupted", this::corrupt);
        mayHappen(1, "standby", this::beStandby);
        mayHappen(1, "suspended and resumed", this::suspendAndResume);
        mayHappen(3, "crash at a moment", this::crashAtMoment);
        mayHappen(5, "commit", this::commit);
        mayHappen(7, "changes", this::change);
    }

    /** What is the same for a whole life. */
    record Circumstances(long seed, String guarantee, boolean logged, File directory) {}

    /** What a store should hold, in the simplest possible way. */
    interface Model<M> {

        M copy();

        /** What is to be seen of it, by key. */
        Map<String, Object> content();
    }

    private record Happening(String what, Runnable how) {}

    /** @param weight how often it happens, in relation to others */
    final void mayHappen(int weight, String what, Runnable how) {
        for (int i = 0; i < weight; i++) {
            happenings.add(new Happening(what, how));
        }
    }

    final void live(int steps) {
        try {
            reopen(List.of(model));
            for (int i = 0; i < steps; i++) {
                Happening next = happenings.get(random.nextInt(happenings.size()));
                story.add(next.what);
                next.how.run();
                compare();
            }
            story.add("end");
            end();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("after " + story, e);
        }
    }

    /** The end of a life, when nothing unforeseen happens any more. */
    void end() {}

    // ---- what an application does

    abstract StoreBuilder<?> builder();

    /** How many changes are logged together, before their commit. */
    final int loggedTogether() {
        return random.nextInt(4) == 0 ? CommitSettings.USUALLY_LOGGED_TOGETHER : random.nextInt(4);
    }

    abstract I randomInput();

    /** Has it processed {@linkplain #inTask in the task}, by the store and by the model. */
    abstract void apply(I input);

    /** Runs an action as the processing of the next input record, or of none when something is drained. */
    final void inTask(Runnable action) {
        if (draining) {
            action.run();
        } else {
            task.process(action);
        }
    }

    /** How many inputs come at once, at most. */
    abstract int mostInputs();

    final void change() {
        for (int i = random.nextInt(mostInputs() + 1); i > 0; i--) {
            process(randomInput());
            compare();
        }
    }

    final void process(I input) {
        uncommitted.add(input);
        amidInput = true;
        apply(input);
        amidInput = false;
    }

    /** What there is to be done before a commit. */
    void work() {
        change();
    }

    // ---- commits

    final void commit() {
        prepare();
        finish(false);
    }

    void prepare() {
        task.prepareCommit();
        written = model.copy();
    }

    void finish(boolean enforceCheckpoint) {
        task.commitTransaction();
        if (!model.content().equals(committed.content())) {
            committedBefore = committed;
        }
        committed = model.copy();
        committedInput = task.inputOffset();
        uncommitted.clear();
        task.postCommit(enforceCheckpoint);
    }

    /** A buffer in front of the store may have more to drain at the second attempt. */
    private void commitAtSecondAttempt() {
        process(randomInput());
        prepare();
        draining = true;
        change();
        draining = false;
        prepare();
        finish(false);
    }

    /** At-least-once, the task then goes on and commits later; exactly-once, it is closed. */
    private void commitThatTimesOut() {
        prepare();
        if (exactlyOnce) {
            closeDirty();
        } else {
            task.abortTransaction();
        }
    }

    private void suspendAndResume() {
        prepare();
        finish(true);
        task.restore(10);
    }

    // ---- ends and beginnings

    private void restart() {
        prepare();
        finish(true);
        task.close();
        highestInput = Math.max(highestInput, task.inputOffset());
        M before = model;
        reopen(List.of(before));
        assertThat(changelog.after(task.restoredOffset()))
                .as("to restore after a clean close")
                .isEmpty();
        restarted(before);
    }

    /** It has been closed in good order and opened again. */
    void restarted(M before) {}

    /** Exactly-once, Kafka Streams wipes what was closed dirty, changelog or not. */
    private void closeDirty() {
        prepare();
        die();
        if (exactlyOnce) {
            wipe();
        }
        goOn(List.of(written));
    }

    private void loseDisk() {
        die();
        wipe();
        goOn(List.of(written));
    }

    private void corrupt() {
        prepare();
        task.markCorrupted();
        closeDirty();
    }

    private void crash() {
        die();
        goOn(List.of(written));
    }

    /** Goes on until the crash; without a changelog it may come before or after the write. */
    private void crashAtMoment() {
        crashAt.arm(Moment.values()[random.nextInt(Moment.values().length)], 1 + random.nextInt(3));
        M before = written;
        try {
            for (int i = 0; i < 4; i++) {
                work();
                before = written;
                prepare();
                finish(random.nextInt(4) == 0);
            }
        } catch (Crash e) {
            story.add(e.getMessage());
        }
        crashAt.disarm();
        die();
        goOn(List.of(before, model));
    }

    void die() {
        task.abortTransaction();
        task.close();
    }

    void wipe() {
        task.loseDisk();
        written = nothing();
    }

    abstract M nothing();

    /** Opens again, as a process does that finds what another left behind. */
    private void goOn(List<M> onDisk) {
        M lost = model;
        List<I> again = List.copyOf(uncommitted);
        uncommitted.clear();
        highestInput = Math.max(highestInput, task.inputOffset());
        task.rewind(committedInput);
        reopen(onDisk);
        if (random.nextBoolean()) {
            boolean complete = !amidInput;
            again.forEach(this::process);
            if (logged && complete && isSameAgain(lost)) {
                assertThat(model.content()).as("processed again").isEqualTo(lost.content());
            }
        }
    }

    /** Whether all that was processed again must have led to the same. */
    abstract boolean isSameAgain(M lost);

    private void reopen(List<M> onDisk) {
        task.open(builder());
        model = logged ? restore() : find(onDisk);
        committed = model.copy();
        committedBefore = committed;
        written = committed;
        compare();
    }

    /** Restores from the changelog, and looks whether that is what was committed. */
    abstract M restore();

    /** Without a changelog, what is on disk is the truth; if it is one of these. */
    abstract M find(List<M> onDisk);

    // ---- as a standby

    private void beStandby() {
        if (!logged) {
            return;
        }
        prepare();
        finish(true);
        task.recycle();
        for (int i = random.nextInt(4); i > 0; i--) {
            follow();
        }
        if (random.nextInt(3) == 0) {
            crash();
        } else {
            task.recycle();
            activated();
        }
    }

    /** Follows another instance for a while. */
    void follow() {
        elsewhere();
        committed = model.copy();
        committedBefore = committed;
        committedInput = task.inputOffset();
        task.restore(1 + random.nextInt(5));
        compare();
        if (random.nextBoolean()) {
            task.postCommit(false);
        }
    }

    /** Another instance has the task, and logs and commits what it does. */
    abstract void elsewhere();

    /** It was a standby, and is active. */
    void activated() {}

    // ---- comparing

    final void compare() {
        if (exactlyOnce && logged) {
            assertThat(Stream.of(committed, committedBefore).map(Model::content))
                    .as("seed %d, read committed", seed)
                    .contains(stored(IsolationLevel.READ_COMMITTED));
        }
        compareWithModel();
    }

    abstract Map<String, Object> stored(IsolationLevel isolation);

    abstract void compareWithModel();

    @Override
    public final void close() {
        task.close();
    }
}
