package io.forebay.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.serdes.event.Event;
import io.forebay.testing.KafkaFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The page in a real browser, on a real application. */
class WebPageIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String HOSTILE = "<img src=x onerror=\"document.title='pwned'\">";

    private static ChromeDriver browser;
    private static TraceApplication app;
    private static String topic;

    @BeforeAll
    static void start() {
        browser = Chromium.start();
        topic = kafka.createTopic(kafka.uniqueName("events"), TraceApplication.PARTITIONS);
        app = new TraceApplication(kafka, topic, Path.of("target", "state", topic)).start();
        TraceApplication.produce(
                kafka,
                topic,
                IntStream.range(0, 200).mapToObj(i -> event("old" + i, i)).toList());
        app.awaitTotal(200);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (app != null) {
            app.close();
        }
    }

    @BeforeEach
    void open() {
        assertThat(browser.manage().logs().get(LogType.BROWSER)).isNotNull(); // reading empties it
        browser.get(app.server().uri().toString());
        await().atMost(TIMEOUT).until(() -> text("#status").equals("live") && rows() > 0);
    }

    @Test
    void eventsAppearAsTheyArrive() {
        assertThat(rows()).isEqualTo(50);
        assertThat(text("#tiles")).contains("Stored").contains("Indexed");
        Event arrived = event("arrived" + System.nanoTime(), 0);
        arrived.setTimestamp(Instant.now().plusSeconds(3_600));
        arrived.setProcess(HOSTILE);
        arrived.setAttributes(Map.of("hostile", HOSTILE));
        TraceApplication.produce(kafka, topic, List.of(arrived));
        await().atMost(TIMEOUT).until(() -> text("#rows").contains(HOSTILE));

        find("#rows .disclose").sendKeys(Keys.ENTER);
        await().atMost(TIMEOUT).until(() -> text("#rows").contains(arrived.getId()));
        assertThat(text("#pause")).isEqualTo("Resume");
        assertThat(browser.getTitle()).isEqualTo("Forebay");
        assertNoErrors();
    }

    @Test
    void theFormSearchesAndTheAddressKeepsTheSearch() {
        find("#field-process").sendKeys("process-3");
        find("#field-order").sendKeys("oldest");
        find("#field-limit").sendKeys("5", Keys.ENTER);
        await().atMost(TIMEOUT).until(() -> text("#events-note").contains("the first 5"));
        assertThat(rows()).isEqualTo(5);
        assertThat(browser.getCurrentUrl())
                .contains("process=process-3")
                .contains("limit=5")
                .contains("order=asc");

        String shared = browser.getCurrentUrl();
        browser.get("about:blank");
        browser.get(shared);
        await().atMost(TIMEOUT).until(() -> rows() == 5);
        assertThat(find("#field-process").getDomProperty("value")).isEqualTo("process-3");

        find("#live").click();
        await().atMost(TIMEOUT).until(() -> rows() == 50);
        assertNoErrors();
    }

    @Test
    void aValueInARowIsSearchedForByClickingIt() {
        find("#rows [data-key^=correlation]").click();
        await().atMost(TIMEOUT).until(() -> text("#events-title").equals("Events found"));
        assertThat(browser.getCurrentUrl()).contains("correlation=");
        await().atMost(TIMEOUT).until(() -> rows() > 0 && !text("#events-note").isEmpty());
        browser.navigate().back();
        await().atMost(TIMEOUT).until(() -> text("#events-title").equals("Latest events"));
    }

    @Test
    void whatTheServerRefusesIsShownAtTheField() {
        find("#field-limit").sendKeys("10001", Keys.ENTER);
        await().atMost(TIMEOUT).until(() -> text("#error-limit").contains("must be a whole number from 1 to 10000"));
        assertThat(find("#field-limit").getDomAttribute("aria-invalid")).isEqualTo("true");

        find("#clear").click();
        find("#field-id").sendKeys("nobody", Keys.ENTER);
        await().atMost(TIMEOUT).until(() -> text("#form-error").contains("'nobody'"));
    }

    @Test
    void thePageSaysThatTheServerIsGoneAndRecoversByItself() {
        int port;
        try (QueryServer first = app.serve(0)) {
            port = first.port();
            browser.get(first.uri().toString());
            await().atMost(TIMEOUT).until(() -> text("#status").equals("live"));
        }
        await().atMost(TIMEOUT).until(() -> text("#status").equals("unreachable"));
        assertThat(text("#banner")).contains("The server does not answer").contains("goes on trying");
        try (QueryServer second = app.serve(port)) {
            await().atMost(TIMEOUT).until(() -> text("#status").equals("live"));
            assertThat(text("#banner")).isEmpty();
        }
    }

    private static Event event(String id, int i) {
        Event event = Samples.event(id, 1_700_000_000_000L + i);
        event.setProcess("process-" + i % 10);
        event.setCorrelation("correlation-" + i % 4);
        event.setDurationNanos(i * 1_000L);
        return event;
    }

    private static WebElement find(String selector) {
        return browser.findElement(By.cssSelector(selector));
    }

    /** Read in one go: the page replaces its elements all the time. */
    private static String text(String selector) {
        return String.valueOf(
                browser.executeScript("return document.querySelector(arguments[0])?.innerText ?? ''", selector));
    }

    private static int rows() {
        return browser.findElements(By.cssSelector("#rows .disclose")).size();
    }

    private static void assertNoErrors() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                        .map(LogEntry::getMessage))
                .isEmpty();
    }
}
