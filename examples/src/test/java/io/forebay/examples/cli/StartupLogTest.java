package io.forebay.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StartupLogTest {

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong(123);

    @Test
    void showsEachStepWithItsTimeAndTheTotal() throws Exception {
        StartupLog log = log(false);

        String address = log.step("broker", () -> after(1_800, "127.0.0.1:9092"), result -> result);
        log.step("topic", () -> after(240, "ignored"));
        log.ready("http://127.0.0.1:8470");

        assertThat(address).isEqualTo("127.0.0.1:9092");
        assertThat(lines())
                .containsExactly(
                        "  broker        1.8 s  127.0.0.1:9092",
                        "  topic         0.2 s",
                        "  ready         2.0 s  http://127.0.0.1:8470");
    }

    @Test
    void showsAStepOnATerminalWhenItBegins() throws Exception {
        StartupLog log = log(true);

        log.step("broker", () -> {
            assertThat(text()).isEqualTo("  broker       …");
            return after(100, "");
        });

        assertThat(text()).isEqualTo("  broker       …\r  broker        0.1 s" + System.lineSeparator());
    }

    @Test
    void showsWhichStepFailed() {
        StartupLog log = log(false);

        assertThatIllegalStateException()
                .isThrownBy(() -> log.step("broker", () -> {
                    after(300, "");
                    throw new IllegalStateException("no");
                }))
                .withMessage("no");
        assertThat(lines()).containsExactly("  broker        0.3 s  failed");
    }

    private StartupLog log(boolean interactive) {
        return new StartupLog(new PrintStream(output, true, StandardCharsets.UTF_8), interactive, nanos::get);
    }

    private String after(long millis, String result) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        return result;
    }

    private String text() {
        return output.toString(StandardCharsets.UTF_8);
    }

    private List<String> lines() {
        return text().lines().toList();
    }
}
