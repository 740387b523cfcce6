package io.lynx.opentelemetry;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads values of standard variables. A value that cannot be used is reported and counts as not set: such variables are often set
 * for all services of a platform, and must not keep one of them from starting. Immutable.
 *
 * @param onUnusable receives a line for each value that cannot be used
 */
record VariableReader(Consumer<String> onUnusable) {
    private static final long LONGEST = Duration.ofMinutes(5).toMillis();

    /** Returns what {@code parse} makes of a value; it throws IllegalArgumentException with what is allowed. */
    <T> Optional<T> read(String name, Optional<String> value, Function<String, T> parse) {
        try {
            return value.map(String::strip).map(parse);
        } catch (IllegalArgumentException unusable) {
            onUnusable.accept(name + ": '" + value.orElse("") + "' is not used; " + unusable.getMessage());
            return Optional.empty();
        }
    }

    Optional<Duration> millis(String name, Optional<String> value) {
        return read(name, value, text -> Duration.ofMillis(number(text, 1, LONGEST)));
    }

    Optional<Integer> count(String name, Optional<String> value, int least, int most) {
        return read(name, value, text -> (int) number(text, least, most));
    }

    private static long number(String text, long least, long most) {
        String allowed = "a number from " + least + " to " + most + " is allowed";
        try {
            long number = Long.parseLong(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException(allowed);
            }
            return number;
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(allowed, notANumber);
        }
    }

    Optional<Double> ratio(String name, Optional<String> value) {
        return read(name, value, text -> {
            String allowed = "a number from 0 to 1 is allowed";
            try {
                double ratio = Double.parseDouble(text);
                if (!(ratio >= 0 && ratio <= 1)) {
                    throw new IllegalArgumentException(allowed);
                }
                return ratio;
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException(allowed, notANumber);
            }
        });
    }

    Optional<URI> endpoint(String name, Optional<String> value) {
        return read(name, value, text -> {
            URI endpoint = URI.create(text);
            OtlpConfig.requireHttp(endpoint);
            return endpoint;
        });
    }

    /** Reports formats of the context other than those that are used. */
    void checkPropagators(Optional<String> value) {
        value.ifPresent(text -> {
            Set<String> names =
                    Set.copyOf(List.of(text.strip().toLowerCase(Locale.ROOT).split("\\s*,\\s*", -1)));
            if (!names.equals(Set.of("tracecontext", "baggage"))) {
                onUnusable.accept(
                        "OTEL_PROPAGATORS: '" + text + "' is not used, services exchange the headers traceparent,"
                                + " tracestate and baggage; tracecontext,baggage is allowed");
            }
        });
    }

    /** Reads headers, whose values are not reported. */
    Optional<Map<String, String>> headers(String name, Optional<String> value) {
        try {
            Optional<Map<String, String>> headers = value.map(VariableReader::pairs);
            headers.ifPresent(all -> all.forEach(OtlpConfig::requireSendable));
            return headers;
        } catch (IllegalArgumentException unusable) {
            onUnusable.accept(name + ": not used; write name=value, separated by commas");
            return Optional.empty();
        }
    }

    /** Reads {@code name=value} pairs with percent-encoded values. */
    static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && !pair.substring(0, equals).isBlank()) {
                String value = pair.substring(equals + 1).strip().replace("+", "%2B");
                pairs.put(pair.substring(0, equals).strip(), URLDecoder.decode(value, StandardCharsets.UTF_8));
            } else if (!pair.isBlank()) {
                throw new IllegalArgumentException("write name=value, separated by commas");
            }
        }
        return pairs;
    }
}
