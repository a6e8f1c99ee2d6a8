package io.forebay.query;

import static io.forebay.query.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.serdes.event.Event;
import io.forebay.store.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class EventOrderTest {

    private final EventOrder<Event> order = new EventOrder<>(Samples.DEFINITION);

    @RepeatedTest(50)
    void mergingIsSortingAndCutting() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Order direction = random.nextBoolean() ? Order.ASC : Order.DESC;
        List<List<Event>> partitions = Stream.generate(() -> Stream.generate(
                                () -> event(Integer.toString(random.nextInt(1_000)), random.nextInt(20)))
                        .limit(random.nextInt(30))
                        .sorted(order.comparator(direction))
                        .toList())
                .limit(1 + random.nextInt(6))
                .toList();
        int limit = 1 + random.nextInt(100);
        List<Event> all =
                new ArrayList<>(partitions.stream().flatMap(List::stream).toList());
        all.sort(order.comparator(direction));

        assertThat(order.merge(partitions, direction, limit))
                .as("seed %d", seed)
                .isEqualTo(all.subList(0, Math.min(limit, all.size())));
    }

    @Test
    void tiesAreBrokenByTheBytesOfTheIdAsInTheStores() {
        Event lastOfTheBasicPlane = event("\uFFFD", 1);
        Event beyondIt = event("\uD83D\uDE00", 1);
        assertThat(order.merge(List.of(List.of(beyondIt), List.of(lastOfTheBasicPlane)), Order.ASC, 2))
                .containsExactly(lastOfTheBasicPlane, beyondIt);
    }
}
