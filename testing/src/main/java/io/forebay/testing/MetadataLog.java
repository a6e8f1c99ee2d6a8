package io.forebay.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Looks for damage in the cluster's metadata log before a broker starts on it.
 *
 * <p>Kafka cuts a damaged log off at the first broken batch and starts with what is left. In a cluster that is right, since
 * the other controllers have the rest. With one node it is fatal: topics that the rest of the metadata does not know any more
 * are taken for strays, and <em>their data is deleted</em>. So damage is refused here, while everything can still be rescued.
 *
 * <p>A torn last batch after a crash is no damage: it had not been acknowledged, and Kafka is right to cut it off.
 */
final class MetadataLog {

    private static final String DIRECTORY = "__cluster_metadata-0";
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    private final Path logDir;

    MetadataLog(Path logDir) {
        this.logDir = logDir;
    }

    /** What is wrong, or null if the log is sound or has never been written. */
    @Nullable
    String findDamage() throws IOException {
        Path directory = logDir.resolve(DIRECTORY);
        if (!Files.isDirectory(directory)) {
            return holdsTopics() ? logDir + " holds topics but no metadata log (" + DIRECTORY + ")" : null;
        }
        boolean mayBeTorn = endedUncleanly();
        for (Path segment : segments(directory)) {
            String damage = findDamage(segment, mayBeTorn);
            if (damage != null) {
                return damage;
            }
        }
        return null;
    }

    /** Whether a broker has run here, and the last one ended without closing: killed, or with its machine. */
    boolean endedUncleanly() {
        return Files.isDirectory(logDir.resolve(DIRECTORY)) && !Files.exists(logDir.resolve(CLEAN_SHUTDOWN));
    }

    private static @Nullable String findDamage(Path segment, boolean mayBeTorn) throws IOException {
        long size = Files.size(segment);
        long position = 0;
        try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
            for (RecordBatch batch : records.batches()) {
                if (!batch.isValid() && !(mayBeTorn && position + batch.sizeInBytes() == size)) {
                    return damageAt(segment, position);
                }
                position += batch.sizeInBytes();
            }
        } catch (CorruptRecordException e) {
            return damageAt(segment, position);
        }
        return position < size && !mayBeTorn ? damageAt(segment, position) : null;
    }

    private static String damageAt(Path segment, long position) {
        return segment + " is damaged at byte " + position;
    }

    private boolean holdsTopics() throws IOException {
        try (Stream<Path> entries = Files.list(logDir)) {
            return entries.anyMatch(Files::isDirectory);
        }
    }

    private static List<Path> segments(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> entry.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }
}
