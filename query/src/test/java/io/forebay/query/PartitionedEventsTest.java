package io.forebay.query;

import static io.forebay.query.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.serdes.event.Event;
import io.forebay.store.EventQuery;
import io.forebay.store.Order;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.query.FailureReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PartitionedEventsTest {

    private final PartitionsStub streams = new PartitionsStub()
            .partition(0, event("a", 1), event("d", 4), event("e", 5))
            .partition(1, event("b", 2), event("f", 6))
            .partition(2)
            .partition(3, event("c", 3));

    private PartitionedEvents<Event> events(int partitions) {
        return new PartitionedEvents<>(streams, "events", Samples.DEFINITION, partitions);
    }

    @Test
    void orderComesBeforeTheLimit() {
        assertThat(events(0).query(EventQuery.<Event>all().limit(4)))
                .extracting(Event::getId)
                .containsExactly("a", "b", "c", "d");
        assertThat(events(0).query(EventQuery.<Event>all().limit(3).order(Order.DESC)))
                .extracting(Event::getId)
                .containsExactly("f", "e", "d");
    }

    @Test
    void anEventIsFoundWhereverItIs() {
        assertThat(events(0).get("c")).hasValue(event("c", 3));
        assertThat(events(0).get("nobody")).isEmpty();
    }

    @Test
    void ofTwoEventsWithOneIdTheNewerIsIt() {
        streams.partition(2, event("c", 30));
        assertThat(events(0).get("c")).hasValue(event("c", 30));
    }

    @Test
    void anEventThatIsThereIsGoodEvenIfAnotherPartitionFails() {
        streams.failing(1, FailureReason.NOT_ACTIVE);
        assertThat(events(0).get("c")).isPresent();
        assertUnavailable(() -> events(0).get("nobody"), 1);
    }

    @Test
    void onePartitionThatFailsFailsTheWholeAndIsNamed() {
        streams.failing(1, FailureReason.NOT_ACTIVE).failing(3, FailureReason.NOT_UP_TO_BOUND);
        assertUnavailable(() -> events(0).query(EventQuery.all()), 1, 3);
        assertUnavailable(() -> events(0).stats(), 1, 3);
    }

    @Test
    void partitionsThatAreKnownToExistMayNotBeMissing() {
        assertThat(events(4).query(EventQuery.all())).hasSize(6);
        assertUnavailable(() -> events(6).query(EventQuery.all()), 4, 5);
    }

    @Test
    void aFailureThatWaitingDoesNotHealIsNoInvitationToRetry() {
        streams.failing(1, FailureReason.STORE_EXCEPTION).failing(3, FailureReason.NOT_ACTIVE);
        assertThatExceptionOfType(QueryFailedException.class)
                .isThrownBy(() -> events(0).query(EventQuery.all()))
                .matches(e -> e.kind() == QueryFailedException.Kind.BROKEN)
                .withMessageContaining("[1, 3]");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "RUNNING")
    void onlyARunningApplicationAnswers(State state) {
        streams.state(state);
        assertUnavailable(() -> events(0).query(EventQuery.all()));
        assertUnavailable(() -> events(0).get("a"));
    }

    @Test
    void anAnswerThatARebalanceInterruptedIsThrownAway() {
        streams.beforeAnswer(() -> streams.state(State.REBALANCING));
        assertUnavailable(() -> events(0).query(EventQuery.all()));
    }

    @Test
    void noPartitionAtAllIsNoEmptyAnswer() {
        var empty = new PartitionedEvents<>(new PartitionsStub(), "events", Samples.DEFINITION, 0);
        assertUnavailable(() -> empty.query(EventQuery.all()));
        assertUnavailable(() -> empty.get("a"));
    }

    @Test
    void storesThatAreNotInTheTopologyAreKnown() {
        assertThat(events(0).storeExists()).isTrue();
        assertThat(new PartitionedEvents<>(streams, "other", Samples.DEFINITION, 0).storeExists())
                .isFalse();
    }

    private static void assertUnavailable(Runnable query, Integer... partitions) {
        assertThatExceptionOfType(QueryFailedException.class)
                .isThrownBy(query::run)
                .matches(e -> e.kind() == QueryFailedException.Kind.UNAVAILABLE)
                .satisfies(e -> assertThat(e.failures())
                        .extracting(PartitionFailure::partition)
                        .containsExactly(partitions));
    }
}
