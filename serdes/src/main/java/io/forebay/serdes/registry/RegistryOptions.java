package io.forebay.serdes.registry;

import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a registry, checked.
 *
 * @param urls in the order in which they are tried
 * @param authorization the {@code Authorization} header, if any
 * @param retries how often all URLs are tried again after all have failed
 * @param backoff the first pause between two rounds; it doubles, up to {@link #MAX_BACKOFF}
 * @param maxCachedSchemas the bound of each cache
 * @param latestTtl how long "the newest version" is believed
 * @param normalize whether the registry shall compare schemas without regard to insignificant differences
 */
record RegistryOptions(
        List<RegistryAddress> urls,
        @Nullable String authorization,
        @Nullable SSLContext sslContext,
        Duration connectTimeout,
        Duration requestTimeout,
        int retries,
        Duration backoff,
        int maxCachedSchemas,
        Duration latestTtl,
        boolean normalize) {
    static final Duration MAX_BACKOFF = Duration.ofSeconds(10);

    RegistryOptions {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("a registry needs at least one URL");
        }
        positive("connectTimeout", connectTimeout);
        positive("requestTimeout", requestTimeout);
        positive("backoff", backoff);
        if (retries < 0) {
            throw new IllegalArgumentException("retries must not be negative: " + retries);
        }
        if (maxCachedSchemas < 1) {
            throw new IllegalArgumentException("maxCachedSchemas must be at least 1: " + maxCachedSchemas);
        }
        if (latestTtl.isNegative()) {
            throw new IllegalArgumentException("latestTtl must not be negative: " + latestTtl);
        }
    }

    private static void positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive: " + duration);
        }
    }
}
