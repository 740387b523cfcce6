package io.lynx.http.engine.answer;

import io.lynx.http.engine.head.HeaderText;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which headers of an answer stay when an error takes its place: neither those that describe its content nor what lets
 * caches keep it. Stateless.
 */
final class KeptHeaders {
    /** The directives of {@code Cache-Control} that only forbid something to caches (RFC 9111, 5.2.2); {@code max-age=0} does too. */
    private static final Set<String> FORBIDDING =
            Set.of("no-store", "no-cache", "no-transform", "private", "must-revalidate", "proxy-revalidate");

    private static final Set<String> AGES = Set.of("max-age", "s-maxage");
    private static final Set<String> NO_TIME = Set.of("0", "-1");

    private KeptHeaders() {}

    /** Returns the value with which a header stays; null if the header is dropped. */
    static @Nullable String keptValue(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (isCacheControl(lower)) {
            return restrictionsIn(value);
        }
        boolean isDropped = isExpiry(lower) ? !NO_TIME.contains(value.trim()) : describesContent(lower);
        return isDropped ? null : value;
    }

    /** A {@code Content-Security-Policy} does not: it applies to the page of an error too. */
    private static boolean describesContent(String name) {
        return (name.startsWith("content-") && !name.startsWith("content-security-policy"))
                || name.equals("etag")
                || name.equals("last-modified")
                || name.equals("location")
                || name.equals("accept-ranges");
    }

    /** The headers for the caches of one operator end the same way, such as {@code CDN-Cache-Control} (RFC 9213, 3). */
    private static boolean isCacheControl(String name) {
        return name.equals("cache-control") || name.endsWith("-cache-control") || name.equals("surrogate-control");
    }

    private static boolean isExpiry(String name) {
        return name.equals("expires") || name.equals("x-accel-expires");
    }

    private static @Nullable String restrictionsIn(String value) {
        List<String> kept = HeaderText.parts(value, ',').stream()
                .map(String::trim)
                .filter(KeptHeaders::forbids)
                .toList();
        return kept.isEmpty() ? null : String.join(", ", kept);
    }

    private static boolean forbids(String directive) {
        int equals = directive.indexOf('=');
        String name = (equals < 0 ? directive : directive.substring(0, equals)).toLowerCase(Locale.ROOT);
        return FORBIDDING.contains(name)
                || (AGES.contains(name) && directive.substring(equals + 1).equals("0"));
    }
}
