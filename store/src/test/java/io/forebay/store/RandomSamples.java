package io.forebay.store;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Samples, changes and questions as they come. Timestamps are close together, so that there is much to replace and to sort; and, unless they
 * go on with time, some are as far away as can be.
 */
final class RandomSamples {

    private static final int IDS = 25;
    private static final List<String> NAMES = List.of("a", "a\0", "b", "ab", "", "\0", "ä", "z\u00ff");

    private final Random random;
    private final boolean timeGoesOn;
    private long nowNanos;

    RandomSamples(Random random, boolean timeGoesOn) {
        this.random = random;
        this.timeGoesOn = timeGoesOn;
    }

    Random random() {
        return random;
    }

    SampleChange change() {
        int kind = random.nextInt(25);
        if (kind < 4) {
            return SampleChange.delete(id());
        }
        return kind == 4 ? SampleChange.deleteBefore(nowNanos + random.nextInt(8) - 6L) : put();
    }

    /** A change that leaves nothing behind for ever, as the deletion of all that is older does. */
    SampleChange changeOfOne() {
        return random.nextInt(5) == 0 ? SampleChange.delete(id()) : put();
    }

    private SampleChange put() {
        return SampleChange.put(sample(id()));
    }

    String id() {
        return "id" + random.nextInt(IDS);
    }

    private Sample sample(String id) {
        return new Sample(
                id,
                timestampNanos(),
                random.nextInt(5) == 0 ? null : name(),
                random.nextInt(5) == 0 ? null : name(),
                random.nextInt(5) == 0 ? null : name(),
                IntStream.range(0, random.nextInt(3)).mapToObj(i -> "tag" + i).toList(),
                random.nextInt(5) == 0 ? null : (long) random.nextInt(3) - 1);
    }

    private long timestampNanos() {
        if (timeGoesOn) {
            nowNanos += random.nextInt(4) == 0 ? 1 : 0;
        } else if (random.nextInt(20) == 0) {
            return random.nextLong() / 1_024 * 1_023; // from 1678 to 2261
        }
        return nowNanos + random.nextInt(10) - 5;
    }

    String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    EventValuesQuery values() {
        EventValuesQuery query = switch (random.nextInt(5)) {
            case 0 -> EventValuesQuery.of("process");
            case 1 -> EventValuesQuery.of("function");
            case 2 -> EventValuesQuery.of("function", name());
            case 3 -> EventValuesQuery.of("tag");
            default -> EventValuesQuery.of("size").after(random.nextBoolean() ? null : random.nextInt(4) - 2L);
        };
        boolean after = !query.index().equals("size") && random.nextBoolean();
        return (after ? query.after(name()) : query).limit(1 + random.nextInt(10));
    }

    EventQuery<Sample> query() {
        EventQuery<Sample> query = EventQuery.<Sample>all()
                .limit(1 + random.nextInt(30))
                .order(random.nextBoolean() ? Order.ASC : Order.DESC);
        if (random.nextBoolean()) {
            query = query.from(Timestamps.toInstant(nowNanos + random.nextInt(6) - 5L));
        }
        if (random.nextBoolean()) {
            query = query.to(Timestamps.toInstant(nowNanos + random.nextInt(6)));
        }
        if (random.nextInt(3) == 0) {
            query = query.equal("process", name());
        }
        switch (random.nextInt(6)) {
            case 0 -> query = query.equal("function", name(), name());
            case 1 -> query = query.equal("function", name());
            case 2 -> query = query.equal("function", null, name());
            default -> {
                // no condition on the function
            }
        }
        if (random.nextInt(4) == 0) {
            query = query.equal("tag", "tag" + random.nextInt(3));
        }
        return switch (random.nextInt(8)) {
            case 0, 1 -> query.equal("size", random.nextInt(3) - 1L);
            case 2 -> query.between("size", random.nextInt(2) - 1L, (long) random.nextInt(2));
            case 3 -> query.between("size", null, random.nextInt(4) - 2L);
            case 4 -> query.between("size", random.nextInt(4) - 2L, null);
            default -> query;
        };
    }
}
