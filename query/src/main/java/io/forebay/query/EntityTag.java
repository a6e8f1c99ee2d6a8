package io.forebay.query;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Versions of documents in the headers of requests and answers (RFC 9110, section 13). */
final class EntityTag {

    private static final Pattern VERSION = Pattern.compile("\"[0-9]{1,18}\"");

    private EntityTag() {}

    static String of(long version) {
        return "\"" + version + "\"";
    }

    static boolean matches(@Nullable String ifNoneMatch, long version) {
        return ifNoneMatch != null && (ifNoneMatch.strip().equals("*") || ifNoneMatch.contains(of(version)));
    }

    /** The expected version, or null if there is no precondition. */
    static @Nullable Long precondition(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifMatch != null && ifNoneMatch != null) {
            throw new ProblemException(
                    Problem.badRequest("If-Match and If-None-Match contradict each other; leave one of them out"));
        }
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.strip().equals("*")) {
                throw new ProblemException(Problem.badRequest(
                        "If-None-Match: " + ifNoneMatch + " makes no sense with a change, except for *"));
            }
            return DocumentCollection.NONE;
        }
        return ifMatch == null ? null : expected(ifMatch.strip());
    }

    private static long expected(String ifMatch) {
        if (ifMatch.equals("*")) {
            return DocumentCollection.ANY;
        }
        if (!VERSION.matcher(ifMatch).matches()) {
            throw new ProblemException(Problem.badRequest(
                    "If-Match: " + ifMatch + " must be * or one ETag as a GET gives it, such as \"17\""));
        }
        return Long.parseLong(ifMatch.substring(1, ifMatch.length() - 1));
    }
}
