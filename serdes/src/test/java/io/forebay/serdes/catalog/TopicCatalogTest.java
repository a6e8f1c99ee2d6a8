package io.forebay.serdes.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
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
    private final class FakeLog implements TopicCatalog.SchemaLog {
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

    private static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    private static String key(Schema schema) {
        return String.format("%016x", fingerprint(schema));
    }
}
