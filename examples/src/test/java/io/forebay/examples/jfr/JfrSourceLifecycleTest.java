package io.forebay.examples.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.forebay.processor.plan.CapturePlan;
import io.forebay.processor.plan.ClassFilter;
import io.forebay.processor.plan.TypeRule;
import io.forebay.serdes.event.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Name;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is captured, counted and handed over around start, change, failure and close. */
@Tag("slow")
class JfrSourceLifecycleTest {

    private static final int EVENTS = 10_000;

    @Test
    void closeHandsOverEverythingThatHappenedBefore() throws IOException {
        for (int round = 0; round < 3; round++) {
            CapturedEvents events = new CapturedEvents();
            JfrSource source = JfrSource.ofThisJvm(only(Order.NAME), events);
            source.start();
            commitOrders(EVENTS);

            assertThat(source.close(Duration.ofSeconds(20))).isTrue();

            assertThat(events.all(Order.NAME)).hasSize(EVENTS);
            assertThat(events.all(Order.NAME)).extracting(Event::getId).isSorted();
            assertThat(source.counts()).isEqualTo(new JfrCounts(EVENTS, 0, 0, 0, 0));
            assertThat(source.isRunning()).isFalse();
        }
    }

    @Test
    void nothingIsHandedOverAfterClose() throws IOException {
        CapturedEvents events = new CapturedEvents();
        JfrSource source = JfrSource.ofThisJvm(only(Order.NAME), events);
        source.start();
        source.close();
        commitOrders(10);

        try (JfrSource next = JfrSource.ofThisJvm(only(Order.NAME), event -> true)) {
            next.start();
            commitOrders(10);
        }
        assertThat(events.all()).isEmpty();
    }

    @Test
    void refusedEventsAreCountedAsDropped() throws IOException {
        JfrSource source = JfrSource.ofThisJvm(only(Order.NAME), event -> false);
        source.start();
        commitOrders(100);
        source.close();

        assertThat(source.counts()).isEqualTo(new JfrCounts(100, 100, 0, 0, 0));
    }

    @Test
    void aThrottleHoldsWhereTheJvmHasNone() throws IOException {
        CapturedEvents events = new CapturedEvents();
        JfrSettings twoPerDay = only(Order.NAME).with(Order.NAME, EventSetting.atMost("2/d"));
        JfrSource source = JfrSource.ofThisJvm(twoPerDay, events);
        source.start();
        commitOrders(100);
        source.close();

        assertThat(events.all()).hasSize(2);
        assertThat(source.counts()).isEqualTo(new JfrCounts(2, 0, 98, 0, 0));
    }

    @Test
    void aFailingSinkIsCountedAndDoesNotStopTheStream() throws IOException {
        CapturedEvents events = new CapturedEvents();
        JfrSource source = JfrSource.ofThisJvm(only(Order.NAME), event -> {
            if (event.getAttributes().getOrDefault("number", "").equals("3")) {
                throw new IllegalStateException("on purpose");
            }
            return events.accept(event);
        });
        source.start();
        commitOrders(10);
        source.close();

        assertThat(source.counts()).isEqualTo(new JfrCounts(9, 0, 0, 0, 1));
        assertThat(events.all()).hasSize(9);
    }

    @Test
    void settingsChangeWhileRunning() throws IOException {
        CapturedEvents events = new CapturedEvents();
        try (JfrSource source = JfrSource.ofThisJvm(only("jdk.CPULoad"), events)) {
            source.start();
            commitOrders(1);
            source.apply(only(Order.NAME));

            await().atMost(Duration.ofSeconds(30)).until(() -> {
                commitOrders(1);
                return !events.all(Order.NAME).isEmpty();
            });
            source.apply(only("jdk.CPULoad"));
        }
        assertThat(events.all(Order.NAME)).isNotEmpty();
        assertThat(events.all().get(0).getAttributes()).containsKey("jvm");
    }

    @Test
    void aPlanLeavesOutWhatIsTooShortOfAnotherClassOrNotSampled() throws IOException {
        CapturedEvents events = new CapturedEvents();
        CapturePlan slow = CapturePlan.EVERYTHING
                .withOtherTypes(TypeRule.NONE)
                .with(Order.NAME, TypeRule.ALL.withMinDuration(Duration.ofMillis(5)));
        JfrSource source = JfrSource.ofThisJvm(only("jdk.CPULoad").following(slow), events);
        source.start();
        // A recording that wants all of them makes the JVM record all of them, and every stream then sees them.
        JfrSettings all = only(Order.NAME).with(Order.NAME, EventSetting.atLeast(Duration.ZERO));
        try (JfrSource greedy = JfrSource.ofThisJvm(all, event -> true)) {
            greedy.start();
            commitTimedOrder(Duration.ofMillis(1));
            commitTimedOrder(Duration.ofMillis(20));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> events.all(Order.NAME).size() == 1);
            assertThat(events.all(Order.NAME).get(0).getDurationNanos()).isGreaterThanOrEqualTo(20_000_000L);

            source.apply(only(Order.NAME)
                    .following(CapturePlan.EVERYTHING.withClasses(
                            new ClassFilter(List.of(), List.of("*.JfrSourceLifecycleTest")))));
            commitOrders(10);
            await().atMost(Duration.ofSeconds(30)).until(() -> source.counts().excluded() >= 11);
            source.apply(
                    only(Order.NAME).following(CapturePlan.EVERYTHING.with(Order.NAME, TypeRule.ALL.withSample(0.5))));
            commitOrders(EVENTS);
            source.close();
        }
        assertThat(events.all("jdk.CPULoad")).isEmpty();
        assertThat(events.all(Order.NAME).size()).isBetween(EVENTS / 2 - 500, EVENTS / 2 + 500);
        assertThat(source.counts().captured()).isEqualTo(events.all().size());
    }

    @Test
    void aPlanWithNothingInItCapturesNothingUntilItChanges() throws IOException {
        CapturedEvents events = new CapturedEvents();
        try (JfrSource source = JfrSource.ofThisJvm(
                JfrSettings.defaults().following(CapturePlan.EVERYTHING.withOtherTypes(TypeRule.NONE)), events)) {
            source.start();
            System.gc();
            source.apply(only(Order.NAME));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                commitOrders(1);
                return !events.all(Order.NAME).isEmpty();
            });
        }
        assertThat(events.all()).allMatch(event -> event.getType().equals(Order.NAME));
    }

    @Test
    void anApplicationsOwnEventsAreCapturedWithoutCorrelation() throws IOException {
        CapturedEvents events = new CapturedEvents();
        JfrSource source = JfrSource.ofThisJvm(only(Order.NAME), events);
        source.start();
        commitOrders(1);
        source.close();

        Event order = events.all(Order.NAME).get(0);
        assertThat(order.getAttributes()).containsEntry("number", "0").containsKey("line");
        assertThat(order.getCorrelation()).isNull();
        assertThat(order.getModule()).isEqualTo(JfrSourceLifecycleTest.class.getName());
        assertThat(order.getFunction()).isEqualTo("commitOrders");
        assertThat(order.getProcess()).startsWith(Thread.currentThread().getName() + '#');
    }

    @Test
    void startsOnceOnly() throws IOException {
        JfrSource source = JfrSource.ofThisJvm(only(Order.NAME), event -> true);
        source.start();
        assertThatIllegalStateException().isThrownBy(source::start);
        source.close();
        source.close();
        assertThatIllegalStateException().isThrownBy(source::start).withMessageContaining("this JVM");
    }

    private static JfrSettings only(String event) {
        TreeMap<String, EventSetting> events = new TreeMap<>();
        events.put(event, EventSetting.always());
        return new JfrSettings(events);
    }

    private static void commitTimedOrder(Duration duration) {
        Order order = new Order();
        order.begin();
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        order.commit();
    }

    private static void commitOrders(int count) {
        for (int number = 0; number < count; number++) {
            Order order = new Order();
            order.number = number;
            order.commit();
        }
    }

    @Name(Order.NAME)
    private static final class Order extends jdk.jfr.Event {
        static final String NAME = "io.forebay.test.Order";

        int number;
    }
}
