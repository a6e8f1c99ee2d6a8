package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.junit.jupiter.api.Test;

/** Iterators: what they see, and who lets go of what, when. */
class EventIteratorTest {

    private static final List<Sample> SAMPLES =
            IntStream.range(0, 50).mapToObj(i -> Sample.of("id" + i, i)).toList();

    @Test
    void seesTheStoreAsItWasWhenItWasOpened() {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            driver.transaction(store -> store.putAll(SAMPLES.subList(0, 25)));
            driver.transaction(store -> store.putAll(SAMPLES.subList(25, 50)));
            try (EventIterator<Sample> events =
                    driver.store().scan(EventQuery.<Sample>all().limit(1))) {
                assertThat(events.next()).isEqualTo(SAMPLES.get(0));
                driver.transaction(store -> SAMPLES.forEach(sample -> store.delete(sample.id())));
                driver.transaction(store -> store.put(Sample.of("new", 7)));
                driver.transaction(store -> store.put(Sample.of("newer", 8)));
                List<Sample> rest = new ArrayList<>();
                events.forEachRemaining(rest::add);
                assertThat(rest).isEqualTo(SAMPLES.subList(1, 50));
                assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(events::next);
            }
            assertThat(driver.store().count(EventQuery.all())).isEqualTo(2);
        }
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker")
    void doesNotKeepItsStoreFromClosingAndSaysSoAfterwards() {
        StoreDriver driver = StoreDriver.of(Sample.definition());
        driver.transaction(store -> store.putAll(SAMPLES));
        EventIterator<Sample> events = driver.store().scan(EventQuery.all());
        assertThat(events.next()).isEqualTo(SAMPLES.get(0));
        assertThat(driver.openIterators()).isEqualTo(1);
        assertThatExceptionOfType(AssertionError.class)
                .as("the leak is noticed")
                .isThrownBy(driver::close)
                .withMessageContaining("1 iterator");
        assertThatExceptionOfType(InvalidStateStoreException.class)
                .isThrownBy(events::hasNext)
                .withMessageContainingAll(StoreDriver.STORE, "not open");
        events.close();
        events.close();
        assertThatIllegalStateException().isThrownBy(events::hasNext).withMessageContaining("closed");
    }

    @Test
    void isClosedWhenItHasBeenForgotten() {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            driver.transaction(store -> store.putAll(SAMPLES));
            assertThat(driver.store().scan(EventQuery.all()).next()).isEqualTo(SAMPLES.get(0));
            Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
            while (driver.openIterators() > 0 && Instant.now().isBefore(deadline)) {
                System.gc();
            }
            assertThat(driver.openIterators()).isZero();
        }
    }

    @Test
    void aLongQueryDoesNotKeepItsStoreFromClosing() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        StoreDriver driver = StoreDriver.of(Sample.definition());
        QueriedEventStore<Sample> store = (QueriedEventStore<Sample>) driver.store();
        CompletableFuture<Void> query =
                CompletableFuture.runAsync(() -> store.guard().read(() -> {
                    while (true) { // a query without an end, but for what all of them ask on their way
                        store.guard().requireOpen();
                        reading.countDown();
                    }
                }));
        assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
        driver.close();
        assertThat(query)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableOfType(Exception.class)
                .withCauseInstanceOf(InvalidStateStoreException.class);
    }
}
