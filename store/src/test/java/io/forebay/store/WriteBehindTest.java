package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can wait is done beside the writes of all stores, and holds up none of them. */
@Timeout(60)
class WriteBehindTest {

    @Test
    void whatCanWaitOfManyStoresHoldsUpNoWrite() {
        int stores = 2 * Runtime.getRuntime().availableProcessors();
        List<WriteBehind> sweeping =
                IntStream.range(0, stores).mapToObj(store -> new WriteBehind()).toList();
        AtomicInteger slices = new AtomicInteger();
        sweeping.forEach(store -> store.submit(() -> {}, () -> slices.incrementAndGet() > 0)); // never done
        AtomicBoolean written = new AtomicBoolean();
        WriteBehind other = new WriteBehind();
        other.submit(() -> written.set(true));
        other.await();
        assertThat(written).isTrue();
        sweeping.forEach(WriteBehind::await);
        int atTheEnd = slices.get();
        other.submit(() -> {}); // behind any slice that were left
        other.await();
        assertThat(slices).as("nothing goes on after it was awaited").hasValue(atTheEnd);
    }

    @Test
    void doesWhatCanWaitUntilThereIsNoMore() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(5);
        AtomicInteger slices = new AtomicInteger();
        WriteBehind store = new WriteBehind();
        store.submit(() -> {}, () -> {
            slices.incrementAndGet();
            left.countDown();
            return left.getCount() > 0;
        });
        left.await();
        store.await();
        assertThat(slices).hasValue(5);
    }

    @Test
    void whatFailsFailsTheNextCall() throws InterruptedException {
        WriteBehind store = new WriteBehind();
        CountDownLatch begun = new CountDownLatch(1);
        store.submit(() -> {}, () -> {
            begun.countDown();
            throw new IllegalStateException("kaboom");
        });
        begun.await();
        for (int i = 0; i < 2; i++) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> store.submit(() -> {}))
                    .withMessage("kaboom");
        }
        store.reset();
        store.submit(() -> {});
        store.await();
    }
}
