package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PutNewerBufferTest {
    private final Map<String, @Nullable String> store = new HashMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private final List<VersionedEntry<String, String>> handedOver = new ArrayList<>();

    private PutNewerBuffer.Builder<String, String> builder() {
        return PutNewerBuffer.<String, String>builder(batch -> batch.forEach(entry -> {
            handedOver.add(entry);
            store.put(entry.key(), entry.value());
            versions.put(entry.key(), entry.version());
        }));
    }

    private static Map<String, Long> pick(Map<String, Long> all, Iterable<String> keys) {
        Map<String, Long> found = new HashMap<>();
        for (String key : keys) {
            Long version = all.get(key);
            if (version != null) {
                found.put(key, version);
            }
        }
        return found;
    }

    @Test
    void writesOnlyWhatIsStrictlyNewer() {
        PutNewerBuffer<String, String> buffer = builder().handDriven();
        assertThat(buffer.putNewer("a", "two", 2)).isTrue();
        assertThat(buffer.putNewer("a", "one", 1)).isFalse();
        assertThat(buffer.putNewer("a", "two again", 2)).isFalse();
        assertThat(buffer.putNewer("a", "three", 3)).isTrue();
        assertThat(buffer.get("a")).isEqualTo("three");
        assertThat(buffer.get("b")).isNull();
        assertThat(buffer.size()).isOne();

        buffer.flush();

        assertThat(handedOver).hasSize(1);
        VersionedEntry<String, String> entry = handedOver.get(0);
        assertThat(entry.key()).isEqualTo("a");
        assertThat(entry.value()).isEqualTo("three");
        assertThat(entry.version()).isEqualTo(3);
        assertThat(entry.updates()).isOne();
        assertThat(buffer.stats().coalesced()).isOne();
        assertThat(buffer.stats().outdated()).isEqualTo(2);
    }

    @Test
    void comparesVersionsOfAnyOrder() {
        PutNewerBuffer<String, String> buffer = builder().handDriven();
        buffer.putNewerOrdered("a", "new", "01HZZ");
        assertThat(buffer.putNewerOrdered("a", "old", "01HAA")).isFalse();
        assertThat(buffer.putNewerOrdered("b", "new", ByteKey.of((byte) 0xF0))).isTrue();
        assertThat(buffer.putNewerOrdered("b", "old", ByteKey.of((byte) 0x10))).isFalse();
        assertThatThrownBy(() -> buffer.putNewer("a", "number", 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("known version=01HZZ")
                .hasMessageContaining("new version=7");
        assertThat(buffer.get("a")).isEqualTo("new");
    }

    @Test
    void aDeleteCarriesAVersion() {
        PutNewerBuffer<String, String> buffer = builder().handDriven();
        buffer.putNewer("a", "one", 1);
        assertThat(buffer.deleteNewer("a", 3)).isTrue();
        assertThat(buffer.putNewer("a", "two", 2)).isFalse();
        assertThat(buffer.get("a")).isNull();
        buffer.flush();

        assertThat(handedOver).singleElement().satisfies(entry -> {
            assertThat(entry.value()).isNull();
            assertThat(entry.version()).isEqualTo(3);
        });
    }

    @Test
    void takesABufferedEntryBackButRemembersItsVersion() {
        PutNewerBuffer<String, String> buffer = builder().handDriven();
        buffer.putNewer("a", "five", 5);
        buffer.putNewer("b", "one", 1);
        assertThat(buffer.delete("a")).isTrue();
        assertThat(buffer.delete("a")).isFalse();
        assertThat(buffer.size()).isOne();
        assertThat(buffer.putNewer("a", "four", 4)).isFalse();
        buffer.flush();
        assertThat(handedOver).extracting(VersionedEntry::key).containsExactly("b");

        buffer.putNewer("a", "five", 5);
        buffer.delete("a");
        assertThat(buffer.putNewer("a", "six", 6)).isTrue();
        buffer.flush();
        assertThat(store).containsEntry("a", "six");
        assertThat(buffer.stats().deleted()).isEqualTo(2);
    }

    @Test
    void seesAndComparesWithTheBatchInFlight() {
        PutNewerBuffer<String, String> buffer = builder().handDriven();
        buffer.putNewer("a", "five", 5);
        buffer.seal();
        assertThat(buffer.get("a")).isEqualTo("five");
        assertThat(buffer.putNewer("a", "four", 4)).isFalse();
        assertThat(buffer.putNewer("a", "six", 6)).isTrue();
        assertThat(buffer.get("a")).isEqualTo("six");
        buffer.drain();
        assertThat(store).containsEntry("a", "five");
        buffer.flush();
        assertThat(store).containsEntry("a", "six");
    }

    @Test
    void handsOverKeysInTheOrderInWhichTheyCame() {
        PutNewerBuffer<String, String> buffer = builder().batchSize(100).handDriven();
        List<String> keys = IntStream.range(0, 1000).mapToObj(i -> "key" + i).toList();
        buffer.putAllNewer(
                keys.stream().map(key -> VersionedEntry.of(key, "v", 1)).toList());
        buffer.putNewer("key500", "w", 2);
        buffer.flush();
        assertThat(handedOver).extracting(VersionedEntry::key).isEqualTo(keys);
        assertThat(store).containsEntry("key500", "w");
    }

    @Test
    void aPlainPutAlwaysWritesAndKeepsTheNewestVersion() {
        PutNewerBuffer<String, String> buffer = builder().handDriven();
        buffer.putNewer("a", "five", 5);
        assertThat(buffer.put("a", "plain")).isTrue();
        assertThat(buffer.putNewer("a", "four", 4)).isFalse();
        assertThat(buffer.putAll(Map.of("b", "plain"))).isOne();
        assertThat(buffer.putNewer("b", "any", -1)).isTrue();
        buffer.flush();
        assertThat(store).containsEntry("a", "plain").containsEntry("b", "any");
        assertThat(versions).containsEntry("a", 5L);
    }

    @Test
    void consultsStoredVersions() {
        PutNewerBuffer<String, String> buffer =
                builder().storedVersions(keys -> pick(versions, keys)).handDriven();
        buffer.putNewer("a", "five", 5);
        buffer.flush();

        buffer.putNewer("a", "four", 4);
        buffer.putNewer("b", "one", 1);
        assertThat(buffer.flush()).isOne();
        assertThat(store).containsEntry("a", "five").containsEntry("b", "one");
        assertThat(buffer.stats().stale()).isOne();

        buffer.put("a", "plain");
        assertThat(buffer.putNewer("a", "four", 4)).isFalse();
        buffer.flush();
        assertThat(store).containsEntry("a", "plain");
        assertThat(versions).containsEntry("a", 5L);
    }

    @Test
    void refusesToDropTheOldest() {
        assertThatThrownBy(
                        () -> builder().overflow(OverflowStrategy.DROP_OLDEST).handDriven())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DROP_OLDEST");
    }

    @Test
    void updatesOfAKnownKeyNeedNoRoom() {
        PutNewerBuffer<String, String> buffer =
                builder().maxEntries(2).overflow(OverflowStrategy.DROP_NEWEST).handDriven();
        buffer.putNewer("a", "1", 1);
        buffer.putNewer("b", "1", 1);
        assertThat(buffer.putNewer("c", "1", 1)).isFalse();
        assertThat(buffer.putNewer("a", "2", 2)).isTrue();
        assertThat(buffer.stats().rejected()).isOne();

        PutNewerBuffer<String, String> blocking = builder().maxEntries(2).handDriven();
        for (int i = 0; i < 7; i++) {
            assertThat(blocking.putNewer("k" + i, "v", 1)).isTrue();
        }
        blocking.flush();
        assertThat(store).containsKeys("k0", "k6");
    }

    @Test
    void countsBytesOfTheNewestValues() {
        PutNewerBuffer<String, String> buffer = builder()
                .weigher((key, value) -> key.length() + (value == null ? 0 : value.length()))
                .drainThresholdBytes(10)
                .handDriven();
        buffer.putNewer("a", "1234", 1);
        assertThat(buffer.stats().bytes()).isEqualTo(5);
        buffer.putNewer("a", "1", 2);
        assertThat(buffer.stats().bytes()).isEqualTo(2);
        buffer.putNewer("b", "12345678", 1);
        assertThat(buffer.drainDue()).isTrue();
    }

    @Test
    void removedEntriesDoNotPileUp() {
        PutNewerBuffer<String, String> buffer = builder().handDriven();
        buffer.putNewer("keep", "v", 1);
        for (int i = 0; i < 100_000; i++) {
            buffer.putNewer("k" + i, "v", 1);
            buffer.delete("k" + i);
        }
        assertThat(buffer.size()).isOne();
        assertThat(buffer.flush()).isOne();
        BufferStats stats = buffer.stats();
        assertThat(stats.accepted()).isEqualTo(stats.delivered() + stats.deleted());
    }

    @Test
    void byteKeysAreEqualByContent() {
        PutNewerBuffer<ByteKey, String> buffer =
                PutNewerBuffer.<ByteKey, String>builder(batch -> {}).handDriven();
        buffer.putNewer(ByteKey.of((byte) 1, (byte) 2), "v", 1);
        assertThat(buffer.get(ByteKey.of((byte) 1, (byte) 2))).isEqualTo("v");
        assertThat(ByteKey.of((byte) 0x80)).isGreaterThan(ByteKey.of((byte) 0x7F));
    }
}
