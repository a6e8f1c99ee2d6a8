package io.forebay.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Ways in which the directory of a closed database can go bad. */
enum Damage {
    CURRENT_MISSING {
        @Override
        void inflict(Path directory) throws IOException {
            Files.delete(directory.resolve("CURRENT"));
        }
    },
    CURRENT_EMPTY {
        @Override
        void inflict(Path directory) throws IOException {
            truncate(directory.resolve("CURRENT"), 0);
        }
    },
    CURRENT_WRONG {
        @Override
        void inflict(Path directory) throws IOException {
            Files.writeString(directory.resolve("CURRENT"), "MANIFEST-424242\n");
        }
    },
    MANIFEST_MISSING {
        @Override
        void inflict(Path directory) throws IOException {
            Files.delete(largest(directory, "MANIFEST-", ""));
        }
    },
    MANIFEST_EMPTY {
        @Override
        void inflict(Path directory) throws IOException {
            truncate(largest(directory, "MANIFEST-", ""), 0);
        }
    },
    MANIFEST_FLIPPED {
        @Override
        void inflict(Path directory) throws IOException {
            Path manifest = largest(directory, "MANIFEST-", "");
            flip(manifest, (int) Files.size(manifest) / 2);
        }
    },
    TABLE_MISSING {
        @Override
        void inflict(Path directory) throws IOException {
            Files.delete(largest(directory, "", ".sst"));
        }
    },
    TABLE_TRUNCATED {
        @Override
        void inflict(Path directory) throws IOException {
            Path table = largest(directory, "", ".sst");
            truncate(table, Files.size(table) / 2);
        }
    },
    /** The only one that opening does not find: of the data it reads only the small table of the store's own. */
    TABLE_FLIPPED {
        @Override
        void inflict(Path directory) throws IOException {
            for (Path table : files(directory, "", ".sst")) {
                if (Files.size(table) > LARGEST_META_TABLE_BYTES) {
                    flip(table, 20);
                }
            }
        }
    };

    static final long LARGEST_META_TABLE_BYTES = 2_000;

    /** Damages the files of a database that nobody has open. */
    abstract void inflict(Path directory) throws IOException;

    static void truncate(Path file, long length) throws IOException {
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 0x55;
        Files.write(file, bytes);
    }

    static Path largest(Path directory, String prefix, String suffix) throws IOException {
        return files(directory, prefix, suffix).stream()
                .max(Comparator.comparingLong(file -> file.toFile().length()))
                .orElseThrow();
    }

    static List<Path> files(Path directory, String prefix, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file -> file.getFileName().toString().endsWith(suffix))
                    .toList();
        }
    }
}
