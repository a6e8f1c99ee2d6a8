package io.forebay.examples.jfr;

import java.lang.management.RuntimeMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/** Names one run of one JVM. */
final class ObservedJvm {

    private ObservedJvm() {}

    /**
     * Returns a tag of six characters made from host, process id and start time, because process ids repeat (in a
     * container each JVM is process 1).
     */
    static String tag(RuntimeMXBean runtime) {
        CRC32 hash = new CRC32();
        hash.update((runtime.getName() + '@' + runtime.getStartTime()).getBytes(StandardCharsets.UTF_8));
        String tag = Long.toString(hash.getValue() & 0x3fffffff, Character.MAX_RADIX);
        return String.format(Locale.ROOT, "%6s", tag).replace(' ', '0');
    }
}
