package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.KnownKeys.Known;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.Position;
import org.junit.jupiter.api.Test;

/** What is known of keys is what was noted last, or nothing. */
class KnownKeysTest {

    private static final int KEYS = 2_000;

    @Test
    void knowsWhatWasNotedOrNothing() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        KnownKeys known = new KnownKeys(50_000);
        Map<Bytes, Long> truth = new HashMap<>(); // null: the key has no row
        int forgotten = 0;
        for (int i = 0; i < 200_000; i++) {
            known.makeRoom();
            Bytes key = key(random.nextInt(1 + random.nextInt(KEYS)));
            Known found = known.get(key);
            if (found == null) {
                forgotten += truth.containsKey(key) ? 1 : 0;
                Long version = truth.get(key);
                found = known.add(key, version == null ? null : row(version), null);
            }
            long version = truth.getOrDefault(key, -1L);
            assertThat(found.isOlderThan(version + 1)).as("seed " + seed).isTrue();
            assertThat(found.isOlderThan(version)).as("seed " + seed).isEqualTo(version < 0);
            assertThat(known.get(key)).isSameAs(found);
            if (random.nextInt(10) == 0) {
                known.gone(key);
                truth.remove(key);
            } else {
                truth.put(key, version + 1);
                found.become(row(version + 1));
            }
        }
        assertThat(forgotten).as("memory is bounded").isPositive();
    }

    @Test
    void forgetsWhatHasNotBeenMetForLongest() {
        KnownKeys known = new KnownKeys(10_000);
        known.add(key(0), null, null);
        for (int i = 1; i < 1_000; i++) {
            known.makeRoom();
            known.add(key(i), null, null);
            assertThat(known.get(key(0))).as("met all the time").isNotNull();
        }
        assertThat(known.get(key(1))).as("met once").isNull();
        assertThat(known.get(key(999))).isNotNull();
    }

    @Test
    void keepsKeysApartWhoseHashesAreEqual() {
        KnownKeys known = new KnownKeys(10_000);
        Bytes one = Bytes.wrap(new byte[] {1, 0});
        Bytes other = Bytes.wrap(new byte[] {0, 31});
        assertThat(one.hashCode()).isEqualTo(other.hashCode());
        known.add(one, row(1), null);
        assertThat(known.get(other)).isNull();
        known.add(other, row(2), null);
        assertThat(known.get(one)).isNotNull().matches(found -> found.isOlderThan(2));
        assertThat(known.get(other)).isNotNull().matches(found -> !found.isOlderThan(2));
    }

    @Test
    void aSealedChangeIsNotFoundAnyMore() {
        KnownKeys known = new KnownKeys(10_000);
        LatestSet set = new LatestSet(1);
        LatestChange change = new LatestChange(key(1), row(1));
        set.put(change, false);
        Known found = known.add(key(1), row(1), change);
        assertThat(found.change()).isSameAs(change);
        set.seal(Position.emptyPosition());
        assertThat(found.change()).isNull();
        assertThat(found.isOlderThan(2)).isTrue();
        assertThat(found.isOlderThan(1)).isFalse();
    }

    private static Bytes key(int number) {
        return Bytes.wrap(("key-" + number).getBytes(StandardCharsets.UTF_8));
    }

    private static LatestRow row(long version) {
        return new LatestRow(version, 0, 1, 1, new byte[0], false, new byte[10]);
    }
}
