package io.forebay.examples.ingest;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with rate and remaining time, for terminals. */
final class BarProgress implements Progress {

    private static final int REFRESH_MILLIS = 200;
    private static final int LINES_PER_STEP = 512;

    private final ProgressBar bar;
    private long lines;
    private long bytesRead;
    private long events;

    BarProgress(InputFile file, PrintStream terminal) {
        this.bar = new ProgressBarBuilder()
                .setTaskName(file.name())
                .setInitialMax(file.sizeBytes())
                .setUnit(" KiB", 1024)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .showSpeed()
                .setConsumer(new ConsoleProgressBarConsumer(terminal))
                .build();
    }

    @Override
    public void advance(long newBytesRead, long newEvents) {
        bytesRead = newBytesRead;
        events = newEvents;
        if (++lines % LINES_PER_STEP == 0) {
            show();
        }
    }

    private void show() {
        bar.stepTo(bytesRead);
        bar.setExtraMessage(String.format(Locale.ROOT, "%,d events", events));
    }

    @Override
    public void close() {
        show();
        bar.close();
    }
}
