package io.lynx.admin;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes indented JSON, members in the order of the calls, secrets masked. It is small and needs no JSON library, so
 * that a probe loads none. Values may come from user code: their depth, length and number are bounded, and a {@code
 * toString} that throws is replaced by a note. Not thread-safe.
 */
final class JsonWriter {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_ELEMENTS = 10_000;
    private static final int MAX_TEXT = 8 * 1024;

    private final StringBuilder out = new StringBuilder(512);
    private int depth;
    private boolean isFirst = true;
    private boolean isNamed;
    /** Whether a name around the present value marks it as a secret. */
    private boolean isSecret;

    JsonWriter object() {
        return open('{');
    }

    JsonWriter object(String name) {
        return name(name).object();
    }

    JsonWriter array(String name) {
        return name(name).open('[');
    }

    JsonWriter array() {
        return open('[');
    }

    JsonWriter endObject() {
        return close('}');
    }

    JsonWriter endArray() {
        return close(']');
    }

    /** Writes a member. A value that is neither a JSON type nor known here is written as text. */
    JsonWriter member(String name, @Nullable Object value) {
        boolean wasSecret = isSecret;
        isSecret = wasSecret || Masking.isSecretName(name);
        name(name).value(value);
        isSecret = wasSecret;
        return this;
    }

    /** Writes an element of an array whose name or heading is {@code subject}. */
    JsonWriter element(String subject, @Nullable Object value) {
        boolean wasSecret = isSecret;
        isSecret = wasSecret || Masking.isSecretName(subject);
        value(value);
        isSecret = wasSecret;
        return this;
    }

    JsonWriter value(@Nullable Object value) {
        switch (value) {
            case null -> scalar("null");
            case Boolean flag -> scalar(flag.toString());
            case Integer _, Long _, Short _, Byte _, BigInteger _, BigDecimal _ -> scalar(value.toString());
            case Double number when Double.isFinite(number) -> scalar(number.toString());
            case Float number when Float.isFinite(number) -> scalar(number.toString());
            case CharSequence text -> text(said(text));
            case Enum<?> constant -> text(constant.name());
            case Instant instant -> text(instant.truncatedTo(ChronoUnit.MILLIS).toString());
            case Duration duration -> text(duration.toString());
            case Map<?, ?> map -> map(map);
            case Collection<?> collection -> collection(collection);
            default -> other(value);
        }
        return this;
    }

    private void map(Map<?, ?> map) {
        List<?> entries = copy(map::entrySet);
        object();
        for (Object entry : entries) {
            if (entry instanceof Map.Entry<?, ?> pair) {
                member(Masking.mask(said(pair.getKey())), pair.getValue());
            }
        }
        endObject();
    }

    private void collection(Collection<?> collection) {
        List<?> elements = copy(() -> collection);
        array();
        elements.forEach(this::value);
        endArray();
    }

    /** Returns the elements of a collection of user code; none if it changes meanwhile or throws. */
    private List<?> copy(Supplier<? extends Collection<?>> elements) {
        return depth >= MAX_DEPTH
                ? List.of()
                : UserCode.call(
                        () -> elements.get().stream().limit(MAX_ELEMENTS).toList(), List.of(), _ -> {});
    }

    private void other(Object value) {
        if (!value.getClass().isArray() || depth >= MAX_DEPTH) {
            text(said(value));
            return;
        }
        array();
        for (int i = 0; i < Math.min(Array.getLength(value), MAX_ELEMENTS); i++) {
            value(Array.get(value, i));
        }
        endArray();
    }

    private static String said(@Nullable Object value) {
        return value == null ? "null" : UserCode.textOf(value);
    }

    private JsonWriter name(String name) {
        separate();
        quote(name);
        out.append(": ");
        isNamed = true;
        return this;
    }

    private void scalar(String literal) {
        separate();
        out.append(literal);
    }

    private void text(String text) {
        separate();
        String shown = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
        quote(isSecret && !shown.isEmpty() ? Masking.MASK : Masking.mask(shown));
    }

    private JsonWriter open(char bracket) {
        separate();
        out.append(bracket);
        depth++;
        isFirst = true;
        return this;
    }

    private JsonWriter close(char bracket) {
        depth--;
        if (!isFirst) {
            newLine();
        }
        out.append(bracket);
        isFirst = false;
        return this;
    }

    private void separate() {
        if (isNamed) {
            isNamed = false;
            return;
        }
        if (!isFirst) {
            out.append(',');
        }
        if (depth > 0) {
            newLine();
        }
        isFirst = false;
    }

    private void newLine() {
        out.append('\n').repeat(' ', 2 * depth);
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || (Character.isSurrogate(c) && !isPaired(text, i))) {
                        out.append("\\u")
                                .append(hex(c >> 12))
                                .append(hex(c >> 8))
                                .append(hex(c >> 4))
                                .append(hex(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static char hex(int digit) {
        return Character.forDigit(digit & 0xf, 16);
    }

    private static boolean isPaired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }

    /** Returns the document, with a line break at its end. */
    byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return out + "\n";
    }
}
