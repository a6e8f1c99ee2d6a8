package io.forebay.examples.ingest;

import io.forebay.serdes.event.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads text logs through a regular expression that matches the whole line and names its parts: {@code timestamp}, and
 * where there are such {@code process}, {@code module}, {@code function}, {@code correlation}, {@code type} and
 * {@code message}, which becomes the attribute {@code message}.
 */
final class RegexLineParser implements LineParser {

    private static final String MESSAGE = "message";
    private static final Set<EventField> FIELDS = Set.of(
            EventField.TIMESTAMP,
            EventField.PROCESS,
            EventField.MODULE,
            EventField.FUNCTION,
            EventField.CORRELATION,
            EventField.TYPE);
    /** A named group, after an even number of backslashes. */
    private static final Pattern NAMED_GROUP = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\(\\?<([A-Za-z][A-Za-z0-9]*)>");

    private final Pattern pattern;
    private final Map<String, EventField> fields = new LinkedHashMap<>();
    private final boolean hasMessage;
    private final String defaultType;
    private final TimestampParser timestamps;

    /**
     * @throws IllegalArgumentException if {@code regex} is not a regular expression, has no group {@code timestamp} or
     *     has a group of another name
     */
    RegexLineParser(String regex, String defaultType, TimestampParser timestamps) {
        this.pattern = compile(regex);
        this.defaultType = defaultType;
        this.timestamps = timestamps;
        Set<String> groups = namedGroups(regex);
        for (String group : groups) {
            Optional<EventField> field = EventField.of(group).filter(FIELDS::contains);
            if (field.isEmpty() && !group.equals(MESSAGE)) {
                throw new IllegalArgumentException("regular expression has an unknown group '" + group + "'; known are "
                        + "timestamp, process, module, function, correlation, type, message");
            }
            field.ifPresent(known -> fields.put(group, known));
        }
        if (!fields.containsKey(EventField.TIMESTAMP.key())) {
            throw new IllegalArgumentException(
                    "regular expression has no group 'timestamp': add (?<timestamp>...) to '" + regex + "'");
        }
        this.hasMessage = groups.contains(MESSAGE);
    }

    @Override
    public Event parse(String text, String id) throws RejectedLineException {
        Matcher matcher = match(text);
        EventBuilder event = new EventBuilder(id, defaultType, timestamps);
        for (Map.Entry<String, EventField> field : fields.entrySet()) {
            String value = matcher.group(field.getKey());
            if (value != null) {
                event.set(field.getValue(), value);
            }
        }
        String message = hasMessage ? matcher.group(MESSAGE) : null;
        if (message != null) {
            event.attribute(MESSAGE, message);
        }
        return event.build();
    }

    private Matcher match(String text) throws RejectedLineException {
        Matcher matcher = pattern.matcher(text);
        try {
            if (matcher.matches()) {
                return matcher;
            }
        } catch (StackOverflowError e) {
            throw new RejectedLineException("the regular expression needs too much stack for this line");
        }
        throw new RejectedLineException("does not match the regular expression");
    }

    private static Pattern compile(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + regex + "' is not a regular expression: " + e.getDescription() + " near position "
                            + e.getIndex(),
                    e);
        }
    }

    private static Set<String> namedGroups(String regex) {
        Set<String> groups = new TreeSet<>();
        Matcher matcher = NAMED_GROUP.matcher(regex);
        while (matcher.find()) {
            groups.add(matcher.group(1));
        }
        return groups;
    }
}
