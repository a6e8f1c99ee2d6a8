package io.forebay.processor.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that stands for an external target: a batch is appended in one write, by whichever instance, and is there when that
 * instance is killed right after. It may fail and hang at random: before it has written, after it has, or for good.
 *
 * <p>Thread-safe.
 */
final class ExternalTarget {

    private static final Logger log = LoggerFactory.getLogger(ExternalTarget.class);

    private final FileChannel file;
    private final boolean mishaps;
    private final Random random;

    ExternalTarget(FaultSettings settings) {
        this.mishaps = settings.mishaps();
        long seed = System.nanoTime();
        this.random = new Random(seed);
        if (mishaps) {
            log.warn("Mishaps of {} with seed {}", settings.target(), seed);
        }
        try {
            Files.createDirectories(settings.target().toAbsolutePath().getParent());
            this.file = FileChannel.open(settings.target(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + settings.target(), e);
        }
    }

    void write(List<Record<String, String>> batch) throws IOException, InterruptedException {
        int kind = mishaps ? random.nextInt(20) : 20;
        if (kind < 2) {
            throw new IOException("told to fail before writing");
        }
        if (kind == 2) {
            new CountDownLatch(1).await(); // until it is interrupted
        }
        // Interrupting a thread closes the channel that it writes to, which is not what is to be tested.
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        append(batch.stream().map(record -> record.value() + "\n").collect(Collectors.joining()));
        if (kind == 3) {
            throw new IOException("told to fail after writing");
        }
    }

    private synchronized void append(String lines) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** All that has been written, in this order. */
    static List<String> read(Path target) throws IOException {
        return Files.readAllLines(target);
    }

    void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
