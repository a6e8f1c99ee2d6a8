package io.forebay.serdes.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopicCatalogTest {
    private static final Schema A =
            SchemaBuilder.record("a.A").fields().requiredInt("i").endRecord();
    private static final Schema B =
            SchemaBuilder.record("a.B").fields().requiredInt("i").endRecord();

    private final List<Entry> topic = new ArrayList<>();
    private final AtomicLong nanoTime = new AtomicLong();

    record Entry(@Nullable String key, @Nullable String value) {}

    /** A reader of {@link #topic} with a position of its own. */
    private class FakeLog implements TopicCatalog.SchemaLog {
        private int position;
        private int reads;
        private boolean closed;

        @Override
        public void readToEnd(Visitor visitor) {
            reads++;
            while (position < topic.size()) {
                Entry entry = topic.get(position++);
                visitor.visit(entry.key, entry.value);
            }
        }

        @Override
        public void append(String key, String value) {
            topic.add(new Entry(key, value));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private TopicCatalog catalog(FakeLog log) {
        return new TopicCatalog("schemas", log, SchemaCatalog.of(), nanoTime::get);
    }

    @Test
    void whatOneProgramPublishesAnotherFinds() {
        TopicCatalog writer = catalog(new FakeLog());
        TopicCatalog reader = catalog(new FakeLog());
        assertThat(reader.findByFingerprint(fingerprint(A))).isNull();
        nanoTime.addAndGet(10_000_000_000L);
        writer.publish(A);
        assertThat(reader.findByFingerprint(fingerprint(A))).isEqualTo(A);
    }

    @Test
    void aSchemaIsPublishedOnceWhoeverWasFirst() {
        catalog(new FakeLog()).publish(A);
        TopicCatalog second = catalog(new FakeLog());
        second.publish(A);
        second.publish(A);
        assertThat(topic).hasSize(1);
    }

    @Test
    void theTopicIsReadOncePerUnknownFingerprintAndWhile() {
        FakeLog log = new FakeLog();
        TopicCatalog catalog = catalog(log);
        for (int round = 0; round < 3; round++) {
            assertThat(catalog.findByFingerprint(99)).isNull();
        }
        assertThat(log.reads).isEqualTo(1);
        assertThat(catalog.findByFingerprint(fingerprint(A))).isNull();
        assertThat(log.reads).isEqualTo(2);
        nanoTime.addAndGet(6_000_000_000L);
        topic.add(new Entry(key(A), A.toString()));
        assertThat(catalog.findByFingerprint(99)).isNull();
        assertThat(catalog.findByFingerprint(fingerprint(A))).isEqualTo(A);
        assertThat(log.reads).isEqualTo(3);
    }

    @Test
    void whateverElseIsOnTheTopicIsIgnored() {
        topic.add(new Entry(null, A.toString()));
        topic.add(new Entry(key(A), null));
        topic.add(new Entry(key(A), "not a schema"));
        topic.add(new Entry(key(A), B.toString()));
        TopicCatalog catalog = catalog(new FakeLog());
        assertThat(catalog.findByFingerprint(fingerprint(A))).isNull();
        assertThat(catalog.findByFingerprint(fingerprint(B))).isNull();
        nanoTime.addAndGet(10_000_000_000L);
        topic.add(new Entry(key(B), B.toString()));
        assertThat(catalog.findByFingerprint(fingerprint(B))).isEqualTo(B);
    }

    @Test
    void theLocalCatalogIsAskedFirst() {
        FakeLog log = new FakeLog();
        TopicCatalog catalog = new TopicCatalog("schemas", log, SchemaCatalog.of(A), nanoTime::get);
        assertThat(catalog.findByFingerprint(fingerprint(A))).isEqualTo(A);
        assertThat(log.reads).isZero();
        catalog.publish(A); // others do not have it
        assertThat(topic).hasSize(1);
        catalog.close();
        assertThat(log.closed).isTrue();
    }

    /** Garbage has a fingerprint of its own in each record: what is kept of it is bounded, oldest forgotten first. */
    @Test
    void garbageIsLookedForOnceEachWhileItIsRemembered() {
        FakeLog log = new FakeLog();
        TopicCatalog catalog = catalog(log);
        for (int garbage = 0; garbage < 1_500; garbage++) {
            assertThat(catalog.findByFingerprint(garbage)).isNull();
        }
        assertThat(log.reads).isEqualTo(1_500);
        for (int garbage = 600; garbage < 1_500; garbage++) {
            assertThat(catalog.findByFingerprint(garbage)).isNull();
        }
        assertThat(log.reads).isEqualTo(1_500);
        assertThat(catalog.findByFingerprint(0)).isNull();
        assertThat(log.reads).isEqualTo(1_501);
    }

    @Test
    void threadsThatWaitForEachOtherReadTheTopicOnce() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        FakeLog log = new FakeLog() {
            @Override
            public void readToEnd(Visitor visitor) {
                if (reads.incrementAndGet() == 1) {
                    reading.countDown();
                    awaitQuietly(goOn);
                }
                super.readToEnd(visitor);
            }
        };
        TopicCatalog catalog = catalog(log);
        List<Thread> threads = new ArrayList<>();
        for (long garbage = 0; garbage < 10; garbage++) {
            long fingerprint = garbage;
            threads.add(new Thread(() -> catalog.findByFingerprint(fingerprint)));
        }
        threads.get(0).start();
        reading.await();
        threads.stream().skip(1).forEach(Thread::start);
        Awaitility.await().until(() -> threads.stream().skip(1).allMatch(t -> t.getState() == Thread.State.BLOCKED));
        goOn.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(reads).hasValue(2); // the first, and one for all who came while it was under way
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Fingerprints leave logical types out, so a record would not tell which of two schemas it has. */
    @Test
    void aSecondSchemaOfAFingerprintIsRefusedIfItMeansSomethingElse() {
        Schema day = dated("date");
        Schema count = dated("time-millis");
        assertThat(fingerprint(day)).isEqualTo(fingerprint(count));
        TopicCatalog writer = catalog(new FakeLog());
        TopicCatalog other = catalog(new FakeLog());
        writer.publish(day);
        assertThatThrownBy(() -> other.publish(count))
                .isInstanceOf(AvroTypeException.class)
                .hasMessageContainingAll("a.D.d", "date", "time-millis");
        assertThat(topic).hasSize(1);
        assertThat(other.findByFingerprint(fingerprint(day))).isEqualTo(day);
        assertThatThrownBy(() ->
                        new TopicCatalog("schemas", new FakeLog(), SchemaCatalog.of(count), nanoTime::get).publish(day))
                .isInstanceOf(AvroTypeException.class);
    }

    /** Both have looked, and found nothing, before either has written: then neither may go on. */
    @Test
    void twoProgramsThatPublishBothInTheSameMomentAreBothTold() {
        Schema day = dated("date");
        Schema count = dated("time-millis");
        FakeLog late = new FakeLog() {
            @Override
            public void append(String key, String value) {
                topic.add(new Entry(key, count.toString())); // the other one, a moment earlier
                super.append(key, value);
            }
        };
        TopicCatalog catalog = catalog(late);
        for (int round = 0; round < 2; round++) {
            assertThatThrownBy(() -> catalog.publish(day))
                    .isInstanceOf(AvroTypeException.class)
                    .hasMessageContainingAll("a.D.d", "date", "time-millis");
        }
        assertThatThrownBy(() -> catalog(new FakeLog()).findByFingerprint(fingerprint(day)))
                .isInstanceOf(AvroTypeException.class);
    }

    private static Schema dated(String logicalType) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"a.D\",\"fields\":[{\"name\":\"d\",\"type\":"
                        + "{\"type\":\"int\",\"logicalType\":\"" + logicalType + "\"}}]}");
    }

    private static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    private static String key(Schema schema) {
        return String.format("%016x", fingerprint(schema));
    }
}
