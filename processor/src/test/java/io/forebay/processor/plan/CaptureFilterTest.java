package io.forebay.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CaptureFilterTest {

    private record Happening(
            @Nullable String type,
            @Nullable Long nanos,
            @Nullable String className) {}

    private final AtomicLong nanoTime = new AtomicLong(-3_000_000_000L);
    private double nextRandom;
    private final CaptureFilter<Happening> filter = CaptureFilter.<Happening>builder(Happening::type)
            .durationNanos(Happening::nanos)
            .className(Happening::className)
            .nanoTime(nanoTime::get)
            .random(() -> nextRandom)
            .build();

    @Test
    void withoutAPlanEverythingPasses() {
        assertThat(filter.test(happening("a"))).isTrue();
        filter.apply(CapturePlan.EVERYTHING.withOtherTypes(TypeRule.NONE));
        assertThat(filter.test(happening("a"))).isFalse();
        filter.onPlan(null);
        assertThat(filter.test(happening("a"))).isTrue();
    }

    @Test
    void typesHaveRulesOfTheirOwn() {
        filter.onPlan(new StoredPlan(
                "p", 1, CapturePlan.EVERYTHING.with("a", TypeRule.ALL).withOtherTypes(TypeRule.NONE)));
        assertThat(filter.test(happening("a"))).isTrue();
        assertThat(filter.test(happening("b"))).isFalse();
        assertThat(filter.test(happening(null))).isFalse();
    }

    @Test
    void whatIsTooShortIsLeftOutAndWhatHasNoDurationIsNot() {
        filter.apply(CapturePlan.EVERYTHING.with("a", TypeRule.ALL.withMinDuration(Duration.ofMillis(1))));
        assertThat(filter.test(new Happening("a", 999_999L, null))).isFalse();
        assertThat(filter.test(new Happening("a", 1_000_000L, null))).isTrue();
        assertThat(filter.test(new Happening("a", null, null))).isTrue();
        assertThat(filter.test(new Happening("b", 1L, null))).isTrue();
    }

    @Test
    void classesAreFiltered() {
        filter.apply(CapturePlan.EVERYTHING.withClasses(new ClassFilter(List.of("com.acme.*"), List.of())));
        assertThat(filter.test(new Happening("a", null, "com.acme.Shop"))).isTrue();
        assertThat(filter.test(new Happening("a", null, "java.lang.String"))).isFalse();
        assertThat(filter.test(happening("a"))).isTrue();
    }

    @Test
    void aShareIsSampled() {
        filter.apply(CapturePlan.EVERYTHING.withOtherTypes(TypeRule.ALL.withSample(0.25)));
        nextRandom = 0.2499;
        assertThat(filter.test(happening("a"))).isTrue();
        nextRandom = 0.25;
        assertThat(filter.test(happening("a"))).isFalse();
    }

    @Test
    void aSecondHasABound() {
        filter.apply(CapturePlan.EVERYTHING.with("a", TypeRule.ALL.withMaxPerSecond(3)));
        for (int second = 0; second < 8; second++) { // from before the clock's zero to after it
            long passed = IntStream.range(0, 10)
                    .filter(i -> filter.test(happening("a")))
                    .count();
            assertThat(passed).as("second %d", second).isEqualTo(3);
            nanoTime.addAndGet(1_000_000_000L);
        }
        assertThat(filter.test(happening("b"))).isTrue();
    }

    /** Two threads read the clock around the turn of a second, and come in the other order. */
    @Test
    void aClockReadBeforeTheTurnOfASecondDoesNotBeginAnotherOne() {
        RateLimit limit = new RateLimit(1);
        assertThat(limit.pass(-1)).isTrue();
        assertThat(limit.pass(0)).isTrue();
        assertThat(limit.pass(-1)).as("of the second before").isFalse();
        assertThat(limit.pass(1)).as("still the same second").isFalse();
        assertThat(limit.pass(1_000_000_000L)).isTrue();
    }

    @Test
    void eachOfTheOtherTypesHasABoundOfItsOwn() {
        filter.apply(CapturePlan.EVERYTHING.withOtherTypes(TypeRule.ALL.withMaxPerSecond(2)));
        for (String type : new String[] {"a", "b", null}) {
            assertThat(filter.test(happening(type))).isTrue();
            assertThat(filter.test(happening(type))).isTrue();
            assertThat(filter.test(happening(type))).isFalse();
        }
    }

    @Test
    void theBoundHoldsForAllThreadsTogether() throws InterruptedException {
        RateLimit limit = new RateLimit(1_000);
        AtomicInteger passed = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> new Thread(() -> {
                    await(go);
                    for (int j = 0; j < 1_000; j++) {
                        if (limit.pass(5_000_000_000L)) {
                            passed.incrementAndGet();
                        }
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(passed).hasValue(1_000);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Happening happening(@Nullable String type) {
        return new Happening(type, null, null);
    }
}
