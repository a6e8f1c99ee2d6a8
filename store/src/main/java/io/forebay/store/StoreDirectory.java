package io.forebay.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database of a store, and starts anew where what is there is damaged and a changelog can give it back: the
 * directory is deleted, and the empty database that takes its place has an unknown offset, so that Kafka Streams
 * restores everything.
 *
 * <p>Damage is found when RocksDB says so on opening, or when files it needs are missing (RocksDB itself would take a directory
 * without {@code CURRENT} for a new database, and delete what it finds there). Damage that is met later, in reading or in
 * writing, fails the task and leaves a mark in the directory, by which the next opening knows.
 */
final class StoreDirectory {

    private static final Logger log = LoggerFactory.getLogger(StoreDirectory.class);

    /** Left in the directory of a store that was found damaged; says how. */
    static final String MARK = "FOREBAY-CORRUPTED";

    private static final String CURRENT = "CURRENT";

    private final File directory;
    private final RocksSettings settings;

    StoreDirectory(File directory, RocksSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /**
     * Opens the database and does what else there is to do before it can be used; closes it if that fails.
     *
     * @throws CorruptedStoreException if it is damaged and there is no changelog
     * @throws ProcessorStateException if it cannot be opened for another reason, such as a lock that another process holds
     */
    <T> T open(Function<EventDatabase, T> opening) {
        try {
            return tryOpen(opening);
        } catch (CorruptedStoreException e) {
            if (!settings.logged()) {
                throw new CorruptedStoreException(
                        e.getMessage()
                                + "; it has no changelog to be rebuilt from, so nothing was deleted: put a copy of the directory in its place, or delete it to start empty",
                        e);
            }
            log.warn("{}; deleting the directory, all it holds will be restored from the changelog", e.getMessage());
            delete();
            return tryOpen(opening);
        }
    }

    private <T> T tryOpen(Function<EventDatabase, T> opening) {
        check();
        Optional<T> opened = EventDatabase.open(directory, settings, database -> {
            if (isComplete(database)) {
                return Optional.of(opening.apply(database));
            }
            database.close();
            return Optional.empty();
        });
        return opened.orElseGet(() -> {
            delete();
            return EventDatabase.open(directory, settings, opening);
        });
    }

    /**
     * If Kafka Streams had the offset forgotten, the whole changelog is about to be restored; rows that it has no longer (and of whose
     * deletion it says nothing any more, either) must not survive that.
     */
    private boolean isComplete(EventDatabase database) {
        return !settings.logged() || StoreMeta.open(database).offset() != null;
    }

    /** Finds what RocksDB would not, or not call by its name. */
    private void check() {
        try {
            finishDeleting();
            Path root = directory.toPath();
            Files.createDirectories(root);
            Path mark = root.resolve(MARK);
            if (Files.exists(mark)) {
                throw corrupted(directory, settings.kind(), Files.readString(mark), null);
            }
            Path current = root.resolve(CURRENT);
            if (Files.notExists(current)) {
                requireNoData(root);
            } else {
                String manifest = Files.readString(current).strip();
                if (!manifest.isEmpty() && Files.notExists(root.resolve(manifest))) {
                    throw corrupted(
                            directory, settings.kind(), "CURRENT names " + manifest + ", which is missing", null);
                }
            }
        } catch (IOException e) {
            throw new ProcessorStateException("cannot open the " + settings.kind() + " in " + directory + ": " + e, e);
        }
    }

    /** Whoever makes a database and is killed at once may leave files behind, but none of these. */
    private void requireNoData(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            List<String> data = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".sst") || name.endsWith(".log"))
                    .sorted()
                    .toList();
            if (!data.isEmpty()) {
                throw corrupted(directory, settings.kind(), "CURRENT is missing beside " + data, null);
            }
        }
    }

    /** In two steps, so that a crash in between leaves no half of a database behind. */
    private void delete() {
        try {
            finishDeleting();
            Files.move(directory.toPath(), trash().toPath(), StandardCopyOption.ATOMIC_MOVE);
            finishDeleting();
        } catch (IOException e) {
            throw new ProcessorStateException(
                    "cannot delete the " + settings.kind() + " in " + directory + "; delete it by hand: " + e, e);
        }
    }

    private void finishDeleting() throws IOException {
        Utils.delete(trash());
    }

    /** Names of stores have no tilde in them. */
    private File trash() {
        return new File(directory.getParentFile(), directory.getName() + "~");
    }

    /** Has the database rebuilt when it is opened the next time. */
    static void mark(File directory, String damage) {
        try {
            Files.writeString(directory.toPath().resolve(MARK), damage);
        } catch (IOException e) {
            log.warn("Cannot mark the corrupted store in {}; delete the directory by hand", directory, e);
        }
    }

    static CorruptedStoreException corrupted(File directory, StoreKind kind, String damage, @Nullable Throwable cause) {
        return new CorruptedStoreException("the " + kind + " in " + directory + " is corrupted: " + damage, cause);
    }
}
