package io.forebay.examples.ingest;

import io.forebay.examples.cli.UserError;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.GZIPInputStream;

/** An opened file, or standard input; {@code .gz} is unpacked on the way. */
final class InputFile implements AutoCloseable {

    /** Stands for standard input. */
    static final String STANDARD_INPUT = "-";

    private static final int BUFFER_BYTES = 64 * 1024;

    private final String name;
    private final long sizeBytes;
    private final Instant lastModified;
    private final CountingStream raw;
    private final InputStream stream;

    private InputFile(String name, long sizeBytes, Instant lastModified, CountingStream raw, InputStream stream) {
        this.name = name;
        this.sizeBytes = sizeBytes;
        this.lastModified = lastModified;
        this.raw = raw;
        this.stream = stream;
    }

    /**
     * Opens a file, or {@code in} for {@value #STANDARD_INPUT}.
     *
     * @throws UserError if it cannot be read
     */
    static InputFile open(String name, InputStream in) {
        if (name.equals(STANDARD_INPUT)) {
            CountingStream counted = new CountingStream(in);
            return new InputFile("standard input", -1, Instant.now(), counted, counted);
        }
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
            throw new UserError(name + " is a directory: name files, such as " + name + "/*.log");
        }
        try {
            CountingStream counted = new CountingStream(Files.newInputStream(path));
            return new InputFile(
                    name,
                    Files.size(path),
                    Files.getLastModifiedTime(path).toInstant(),
                    counted,
                    name.endsWith(".gz") ? unpacked(name, counted) : counted);
        } catch (NoSuchFileException e) {
            throw new UserError(name + " does not exist: check the path", e);
        } catch (AccessDeniedException e) {
            throw new UserError(name + " cannot be read: check its permissions", e);
        } catch (IOException e) {
            throw new UserError(name + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** For messages. */
    String name() {
        return name;
    }

    /** Size on disk, or -1 for standard input. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** When it was last changed; for standard input, now. */
    Instant lastModified() {
        return lastModified;
    }

    /** How much of {@link #sizeBytes} has been read. */
    long bytesRead() {
        return raw.count;
    }

    InputStream stream() {
        return stream;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private static InputStream unpacked(String name, InputStream packed) throws IOException {
        try {
            return new GZIPInputStream(packed, BUFFER_BYTES);
        } catch (IOException e) {
            packed.close();
            throw new UserError(
                    name + " is not a gzip file (" + e.getMessage() + "): rename it if it is plain text", e);
        }
    }

    private static final class CountingStream extends FilterInputStream {
        private long count;

        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
