package io.forebay.examples.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Where log events go.
 *
 * <p>The console shows what a user must know, in one line each, without stack traces: Forebay's own warnings, and errors of
 * the libraries below it. Everything from {@code INFO} up goes to a file, once a data directory is known: two files of at
 * most 10 MB.
 */
final class LogOutput {

    private static final String MAX_FILE_SIZE = "10MB";
    private static volatile boolean everything;

    private LogOutput() {}

    /** Shows on the console, too, what would go to the file only, with stack traces. */
    static void showEverything() {
        everything = true;
    }

    static boolean showsEverything() {
        return everything;
    }

    /** Writes everything from {@code INFO} up to {@code file} from now on. */
    static void writeTo(Path file) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName("FILE");
        appender.setFile(file.toString());

        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{40} - %msg%n");
        encoder.start();
        appender.setEncoder(encoder);

        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(file + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(1);
        rolling.start();
        appender.setRollingPolicy(rolling);

        SizeBasedTriggeringPolicy<ILoggingEvent> bySize = new SizeBasedTriggeringPolicy<>();
        bySize.setContext(context);
        bySize.setMaxFileSize(FileSize.valueOf(MAX_FILE_SIZE));
        bySize.start();
        appender.setTriggeringPolicy(bySize);

        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    /** Lets through to the console what a user must know. Named in {@code logback.xml}. */
    public static final class ConsoleFilter extends Filter<ILoggingEvent> {

        private static final String OURS = "io.forebay.";
        /** What servers in this process have to say stands in the log file; what stops them is reported by their users. */
        private static final List<String> SERVERS = List.of(
                "kafka.",
                "org.apache.kafka.controller.",
                "org.apache.kafka.server.",
                "org.apache.kafka.coordinator.",
                "io.javalin.");

        @Override
        public FilterReply decide(ILoggingEvent event) {
            boolean shown = everything || event.getLevel().isGreaterOrEqual(threshold(event.getLoggerName()));
            return shown ? FilterReply.NEUTRAL : FilterReply.DENY;
        }

        private static Level threshold(String logger) {
            if (SERVERS.stream().anyMatch(logger::startsWith)) {
                return Level.OFF;
            }
            return logger.startsWith(OURS) ? Level.WARN : Level.ERROR;
        }
    }
}
