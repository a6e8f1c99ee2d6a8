package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.Position;
import org.junit.jupiter.api.Test;

/** What a set remembers of what is to be logged ahead. */
class LatestSetTest {

    @Test
    void takesOutWhatIsLoggedAheadOnceAndKeepsTheLast() {
        LatestSet set = LatestSet.loggedAhead(1);
        LatestChange a = put(set, "a");
        LatestChange b = put(set, "b");
        put(set, "c");
        assertThat(set.unlogged()).isEqualTo(3);
        assertThat(set.takeUnlogged()).containsExactly(a, b);
        assertThat(set.unlogged()).isEqualTo(1);
        set.seal(Position.emptyPosition());
        assertThat(set.unlogged()).as("sealed").isZero();
    }

    /** A set of a commit may have millions of changes. */
    @Test
    void remembersNothingWhereNothingIsLoggedAhead() {
        LatestSet later = new LatestSet(2);
        put(later, "b");
        for (LatestSet set : List.of(new LatestSet(1), new LatestSet(ChangeSet.UNNUMBERED), later)) {
            put(set, "a");
            assertThat(set.unlogged()).isZero();
            assertThat(set.takeUnlogged()).isEmpty();
        }
        assertThat(later.plus(later).unlogged()).isZero();
    }

    private static LatestChange put(LatestSet set, String key) {
        LatestRow row = new LatestRow(1, 0, 1, 1, new byte[0], false, new byte[10]);
        LatestChange change = new LatestChange(Bytes.wrap(key.getBytes(StandardCharsets.UTF_8)), row);
        set.put(change, false);
        return change;
    }
}
