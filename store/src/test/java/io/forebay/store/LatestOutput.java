package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What whoever reads the output of a latest store has got, and what is on its way to him and may still be lost. */
final class LatestOutput {

    private final boolean strictlyNewer;
    private final List<Sent> unacknowledged = new ArrayList<>();
    private final Map<String, Sent> received = new HashMap<>();

    /** @param strictlyNewer whether nothing may come twice, nor anything older after it */
    LatestOutput(boolean strictlyNewer) {
        this.strictlyNewer = strictlyNewer;
    }

    private record Sent(String key, long version, boolean tombstone) {}

    void send(String key, long version, boolean tombstone) {
        unacknowledged.add(new Sent(key, version, tombstone));
    }

    void loseUnacknowledged() {
        unacknowledged.clear();
    }

    /** The output starts anew, with the store. */
    void clear() {
        received.clear();
    }

    void acknowledge() {
        for (Sent sent : unacknowledged) {
            Sent before = received.put(sent.key, sent);
            if (before != null && !before.tombstone && strictlyNewer) {
                assertThat(sent.version).as("emitted after %s", before).isGreaterThan(before.version);
            }
        }
        unacknowledged.clear();
    }

    /** Another instance emits everything. */
    void receiveAll(LatestModel model) {
        model.rows().forEach((key, row) -> received.put(key, new Sent(key, row.version(), row.value() == null)));
    }

    /** What is not pending has been emitted, and cannot be lost any more. */
    void assertNothingIsForgotten(LatestModel model) {
        model.rows().forEach((key, row) -> {
            if (row.pendingUpdates() == 0) {
                assertThat(received.getOrDefault(key, new Sent(key, -1, false)).version)
                        .as("emitted version of %s, %s", key, row)
                        .isGreaterThanOrEqualTo(row.version());
            }
        });
    }

    void assertIsComplete(LatestModel model) {
        model.rows()
                .forEach((key, row) -> assertThat(received.get(key))
                        .as("last that was emitted of %s", key)
                        .isEqualTo(new Sent(key, row.version(), row.value() == null)));
    }
}
