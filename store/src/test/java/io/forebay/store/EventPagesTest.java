package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Page tokens: what is seen while the store changes, and which are refused. */
class EventPagesTest {

    private static final EventQuery<Sample> QUERY =
            EventQuery.<Sample>all().equal("process", "p").limit(3);

    /** The stable events lie between, at the same times as, and around those that come, move and go. */
    @ParameterizedTest
    @EnumSource(Order.class)
    void seesWhatWasThereTheWholeTimeExactlyOnceWhileTheRestChanges(Order order) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            List<Sample> stable = putStable(driver);
            for (int round = 0; round < 20; round++) {
                EventQuery<Sample> query = QUERY.limit(1 + random.nextInt(20)).order(order);
                List<Sample> seen = Pages.all(driver.store(), query, () -> changeSome(driver, random));
                assertThat(stableOnes(seen))
                        .as("seed %d, %s", seed, query)
                        .isEqualTo(stable.stream()
                                .sorted(
                                        order == Order.ASC
                                                ? ordering()
                                                : ordering().reversed())
                                .toList());
            }
        }
    }

    @Test
    void seesItFromOtherThreadsToo() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            List<Sample> stable = putStable(driver);
            EventStore<Sample> store = driver.store();
            Callable<List<Sample>> walk = () -> stableOnes(Pages.all(store, QUERY));
            Callable<List<Sample>> scan = () -> {
                List<Sample> seen = new ArrayList<>();
                try (EventIterator<Sample> events = store.scan(QUERY)) {
                    events.forEachRemaining(seen::add);
                }
                return stableOnes(seen);
            };
            for (int round = 0; round < 10; round++) {
                List<Future<List<Sample>>> seen = List.of(readers.submit(walk), readers.submit(scan));
                do {
                    changeSome(driver, random);
                } while (!seen.stream().allMatch(Future::isDone));
                for (Future<List<Sample>> each : seen) {
                    assertThat(each.get()).as("seed %d", seed).isEqualTo(stable);
                }
            }
        } finally {
            readers.shutdown();
            assertThat(readers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void refusesWhatIsNoToken() {
        String token = token();
        byte[] otherVersion = Base64.getUrlDecoder().decode(token);
        otherVersion[0] = 9;
        assertRefused("not a token!", "not base64url");
        assertRefused("", "too short");
        assertRefused(token.substring(0, token.length() - 4), "checksum");
        assertRefused(Base64.getUrlEncoder().encodeToString(otherVersion), "version 9", "version 1");
        String damaged = token.substring(0, 12) + (token.charAt(12) == 'A' ? 'B' : 'A') + token.substring(13);
        assertRefused(damaged, "checksum");
    }

    @Test
    void refusesTheTokenOfAnotherQuery() {
        String token = token();
        assertThat(token).matches("[A-Za-z0-9_-]+");
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            EventQuery<Sample> same = QUERY.limit(7).after(token);
            assertThat(driver.store().query(same).events()).isEmpty();
            for (EventQuery<Sample> other : List.of(
                    same.order(Order.DESC),
                    same.from(Instant.EPOCH),
                    same.to(Instant.EPOCH),
                    same.equal("tag", "t"),
                    same.between("size", 1L, null),
                    EventQuery.<Sample>all().equal("process", "q").after(token),
                    EventQuery.<Sample>all().after(token))) {
                assertThatIllegalArgumentException()
                        .as("%s", other)
                        .isThrownBy(() -> driver.store().query(other))
                        .withMessageContainingAll(token, "another query");
            }
        }
    }

    private static String token() {
        try (StoreDriver driver = StoreDriver.of(Sample.definition())) {
            putStable(driver);
            return Objects.requireNonNull(driver.store().query(QUERY).next());
        }
    }

    private static void assertRefused(String token, String... message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventQuery.<Sample>all().after(token))
                .withMessageContainingAll(message)
                .withMessageContaining("'" + token + "' is not a page token");
    }

    private static List<Sample> putStable(StoreDriver driver) {
        List<Sample> stable = IntStream.range(0, 100)
                .mapToObj(i -> Sample.of("stable" + i, i / 3).withProcess("p"))
                .sorted(ordering())
                .toList();
        driver.transaction(store -> store.putAll(stable));
        return stable;
    }

    private static Comparator<Sample> ordering() {
        return Sample.definition().order();
    }

    private static void changeSome(StoreDriver driver, Random random) {
        driver.transaction(store -> {
            for (int i = 0; i < 5; i++) {
                String id = (random.nextBoolean() ? "a" : "z") + random.nextInt(30);
                if (random.nextInt(4) == 0) {
                    store.delete(id);
                } else {
                    store.put(Sample.of(id, random.nextInt(40) - 3).withProcess(random.nextInt(4) == 0 ? "q" : "p"));
                }
            }
        });
    }

    private static List<Sample> stableOnes(List<Sample> samples) {
        return samples.stream()
                .filter(sample -> sample.id().startsWith("stable"))
                .toList();
    }
}
