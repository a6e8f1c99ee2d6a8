package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The pages of several partitions as one. */
class MergedEventsTest {

    private static final EventDefinition<Sample> DEFINITION = Sample.definition();

    @RepeatedTest(50)
    void pagesOfPartitionsAreThePagesOfTheWhole() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Order order = random.nextBoolean() ? Order.ASC : Order.DESC;
        Comparator<Sample> ordering =
                order == Order.ASC ? DEFINITION.order() : DEFINITION.order().reversed();
        List<List<Sample>> partitions = IntStream.range(0, 1 + random.nextInt(6))
                .mapToObj(partition -> Stream.generate(
                                () -> Sample.of(Integer.toString(random.nextInt(100)), random.nextInt(20)))
                        .limit(random.nextInt(30))
                        .distinct()
                        .sorted(ordering)
                        .toList())
                .toList();
        EventQuery<Sample> query = EventQuery.<Sample>all().order(order).limit(1 + random.nextInt(50));
        List<Sample> all = partitions.stream()
                .flatMap(List::stream)
                .distinct()
                .sorted(ordering)
                .toList();

        EventPage<Sample> merged = EventPage.merge(
                partitions.stream().map(partition -> page(partition, query)).toList(), DEFINITION, query);

        assertThat(merged.events()).as("seed %d", seed).isEqualTo(all.subList(0, Math.min(query.limit(), all.size())));
        assertThat(merged.next() != null).as("seed %d", seed).isEqualTo(all.size() > query.limit());
    }

    @Test
    void tiesAreBrokenByTheBytesOfTheIdAsInTheStores() {
        Sample lastOfTheBasicPlane = Sample.of("\uFFFD", 1);
        Sample beyondIt = Sample.of("\uD83D\uDE00", 1);
        assertThat(List.of(lastOfTheBasicPlane, beyondIt))
                .isSortedAccordingTo(DEFINITION.order())
                .doesNotHaveDuplicates();
    }

    private static EventPage<Sample> page(List<Sample> partition, EventQuery<Sample> query) {
        return EventPage.take(partition.iterator(), DEFINITION, query);
    }
}
