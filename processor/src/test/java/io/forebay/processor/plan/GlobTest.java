package io.forebay.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource({
        "com.acme.*, com.acme.Shop, true",
        "com.acme.*, com.acme.shop.Till, true",
        "com.acme.*, com.acme, false",
        "com.acme.*, com.acmeX.Shop, false",
        "*.Shop, com.acme.Shop, true",
        "*.Shop, com.acme.Shopper, false",
        "*$Proxy*, jdk.proxy2.$Proxy11, true",
        "*, anything, true",
        "a**b, ab, true",
        "com.acme.Shop, com.acme.Shop, true",
        "com.acme.Shop, com_acme_Shop, false",
    })
    void starsStandForAnything(String pattern, String text, boolean matches) {
        assertThat(Glob.matches(pattern, text)).isEqualTo(matches);
    }

    @Test
    void agreesWithARegularExpression() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            String pattern = text(random, "ab*");
            String text = text(random, "ab");
            Pattern regex = Pattern.compile(pattern.replace("*", ".*"));
            assertThat(Glob.matches(pattern, text))
                    .as("pattern=%s text=%s seed=%d", pattern, text, seed)
                    .isEqualTo(regex.matcher(text).matches());
        }
    }

    private static String text(Random random, String letters) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    @Test
    void aClassHasToBeIncludedAndNotExcluded() {
        ClassFilter filter = new ClassFilter(List.of("com.acme.*", "org.shop.Till"), List.of("*.Secret"));
        assertThat(filter.admits("com.acme.Shop")).isTrue();
        assertThat(filter.admits("org.shop.Till")).isTrue();
        assertThat(filter.admits("com.acme.Secret")).isFalse();
        assertThat(filter.admits("java.lang.String")).isFalse();
        assertThat(filter.admits(null)).isTrue();
        assertThat(new ClassFilter(List.of(), List.of("java.*")).admits("com.acme.Shop"))
                .isTrue();
    }
}
