package io.lynx.health;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copies results of checks with their secrets masked and their size bounded, before anything else reads them. Values that are
 * neither numbers, booleans nor collections become text here, so that no method of a user's class runs later. Stateless.
 */
final class MaskedHealth {
    /** Nested collections below this depth become text. */
    private static final int MAX_DEPTH = 4;

    /** Most entries of one collection. */
    private static final int MAX_ENTRIES = 256;

    /** Longest text, in characters. */
    private static final int MAX_TEXT = 4096;

    private MaskedHealth() {}

    static Health of(Health found) {
        if (found.error() == null && found.data().isEmpty()) {
            return found;
        }
        Map<String, Object> data = new LinkedHashMap<>();
        found.data().forEach((name, value) -> {
            if (data.size() < MAX_ENTRIES) {
                data.put(String.valueOf(name), masked(String.valueOf(name), value, 0));
            }
        });
        return new Health(found.status(), found.error() == null ? null : text(found.error()), data);
    }

    private static Object masked(String name, @Nullable Object value, int depth) {
        if (Masking.isSecretName(name)) {
            return Masking.MASK;
        }
        return switch (value) {
            case null -> "null";
            case Byte _, Short _, Integer _, Long _, Float _, Double _, Boolean _ -> value;
            case Map<?, ?> map when depth < MAX_DEPTH -> map(map, depth);
            case Collection<?> values when depth < MAX_DEPTH -> list(name, values, depth);
            case Object[] values when depth < MAX_DEPTH -> list(name, Arrays.asList(values), depth);
            default -> text(UserCode.textOf(value));
        };
    }

    private static Map<String, Object> map(Map<?, ?> map, int depth) {
        Map<String, Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (copy.size() == MAX_ENTRIES) {
                break;
            }
            String name = entry.getKey() == null ? "null" : UserCode.textOf(entry.getKey());
            copy.put(name, masked(name, entry.getValue(), depth + 1));
        }
        return copy;
    }

    private static List<Object> list(String name, Collection<?> values, int depth) {
        List<Object> copy = new ArrayList<>();
        for (Object value : values) {
            if (copy.size() == MAX_ENTRIES) {
                break;
            }
            copy.add(masked(name, value, depth + 1));
        }
        return copy;
    }

    private static String text(String text) {
        return Masking.mask(text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT));
    }
}
