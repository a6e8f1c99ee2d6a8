package io.forebay.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class QueryExecutorTest {

    private final CountDownLatch release = new CountDownLatch(1);
    private final Callable<String> slow = () -> {
        release.await();
        return "late";
    };

    @Test
    void answersAndFailuresComeThrough() {
        try (var executor = new QueryExecutor("test", 1, Duration.ofSeconds(30))) {
            assertThat(executor.run(() -> "answer")).isEqualTo("answer");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> executor.run(() -> {
                        throw new IllegalArgumentException("from the query");
                    }))
                    .withMessage("from the query");
        }
    }

    @Test
    void aSlowQueryIsGivenUpButKeepsItsPlaceUntilItIsDone() {
        try (var executor = new QueryExecutor("test", 1, Duration.ofMillis(20))) {
            assertFails(() -> executor.run(slow), QueryFailedException.Kind.TIMEOUT);
            assertFails(() -> executor.run(slow), QueryFailedException.Kind.OVERLOADED);
            release.countDown();
            await().ignoreExceptions()
                    .until(() -> executor.run(() -> "free again").equals("free again"));
        }
    }

    @Test
    void nothingRunsAfterClose() {
        var executor = new QueryExecutor("test", 1, Duration.ofSeconds(30));
        executor.close();
        assertFails(() -> executor.run(() -> "answer"), QueryFailedException.Kind.UNAVAILABLE);
    }

    private static void assertFails(Runnable query, QueryFailedException.Kind kind) {
        assertThatExceptionOfType(QueryFailedException.class)
                .isThrownBy(query::run)
                .matches(e -> e.kind() == kind, kind.name());
    }
}
