package io.lynx.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.lynx.config.Masking;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes one compact line for people: time, level, thread, logger, message, key-values. Further lines of a message or a
 * stack trace follow indented, so that only the first line of an event begins with a digit. Control characters are
 * escaped and never reach the terminal. Secrets are masked, in every text and by the names of keys.
 *
 * <p>The thread is shown at WARN and ERROR and at DEBUG and TRACE, if it has a name other than {@code main}. The logger
 * is shown as its simple class name, or as the last two parts of a name that is not a class name. On a terminal, the report of
 * a clean shutdown is short: who presses Ctrl-C wants to see that it was clean, not how long each step took.
 *
 * @param zone the zone of the times shown
 * @param terminal whether standard output is a terminal; the date is left out then
 * @param colours whether to use colours, by ANSI sequences
 */
record TextFormat(ZoneId zone, boolean terminal, boolean colours) implements LineFormat {
    private static final String RESET = "\u001b[0m";
    private static final String DIM = "\u001b[2m";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String GREEN = "\u001b[32m";
    private static final String CYAN = "\u001b[36m";
    private static final String UNDER = "\n    ";
    private static final Set<String> SHORT_REPORT = Set.of("trigger", "ms", "in_flight_start", "exit_code");

    /** Returns the format for standard output, in the zone of this machine. */
    static TextFormat on(Terminal terminal) {
        return new TextFormat(ZoneId.systemDefault(), terminal.present(), terminal.colours());
    }

    @Override
    public void format(ILoggingEvent event, StringBuilder out) {
        time(event, out);
        colour(levelColour(event.getLevel()), padded(event.getLevel()), out);
        thread(event, out);
        out.append(' ');
        colour(CYAN, visible(shortName(event.getLoggerName())), out);
        out.append("  ");
        String message = Masking.mask(String.valueOf(event.getFormattedMessage()));
        int end = message.indexOf('\n');
        out.append(visible(end < 0 ? message : message.substring(0, end)));
        keyValues(event, out);
        if (end >= 0) {
            under(message.substring(end + 1), out);
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            under(Masking.mask(ThrowableProxyUtil.asString(thrown)), out);
        }
        out.append('\n');
    }

    private void time(ILoggingEvent event, StringBuilder out) {
        out.append(colours ? DIM : "");
        if (terminal) {
            Timestamps.timeOfDay(event.getInstant(), zone, out);
        } else {
            Timestamps.local(event.getInstant(), zone, out);
        }
        out.append(colours ? RESET : "").append(' ');
    }

    private void thread(ILoggingEvent event, StringBuilder out) {
        String name = event.getThreadName();
        boolean useful =
                event.getLevel().toInt() != Level.INFO_INT && name != null && !name.isEmpty() && !name.equals("main");
        if (useful) {
            out.append(" [").append(visible(name)).append(']');
        }
    }

    private void keyValues(ILoggingEvent event, StringBuilder out) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        for (Map.Entry<String, String> entry : event.getMDCPropertyMap().entrySet()) {
            if (!has(pairs, entry)) {
                keyValue(entry.getKey(), entry.getValue(), out);
            }
        }
        if (pairs != null) {
            boolean isShort = terminal && isCleanShutdown(event);
            for (KeyValuePair pair : pairs) {
                if (!isShort || SHORT_REPORT.contains(pair.key)) {
                    keyValue(pair.key, pair.value, out);
                }
            }
        }
    }

    private static boolean isCleanShutdown(ILoggingEvent event) {
        return "Stopped".equals(event.getMessage()) && "io.lynx".equals(event.getLoggerName());
    }

    /** Returns whether the event has the entry as a key-value too. */
    private static boolean has(@Nullable List<KeyValuePair> pairs, Map.Entry<String, String> entry) {
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                if (Objects.equals(pair.key, entry.getKey()) && Objects.equals(pair.value, entry.getValue())) {
                    return true;
                }
            }
        }
        return false;
    }

    private void keyValue(@Nullable String key, @Nullable Object value, StringBuilder out) {
        String name = String.valueOf(key);
        out.append(' ');
        colour(DIM, visible(name) + "=", out);
        boolean isSecret = value != null && Masking.isSecretName(name);
        out.append(quotedIfNeeded(isSecret ? Masking.MASK : SafeText.masked(value)));
    }

    private void colour(String colour, String text, StringBuilder out) {
        if (colours && !colour.isEmpty()) {
            out.append(colour).append(text).append(RESET);
        } else {
            out.append(text);
        }
    }

    private static String levelColour(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> RED;
            case Level.WARN_INT -> YELLOW;
            case Level.INFO_INT -> GREEN;
            default -> DIM;
        };
    }

    private static String padded(Level level) {
        String name = level.toString();
        return name.length() < 5 ? name + " " : name;
    }

    private static String shortName(String logger) {
        int last = logger.lastIndexOf('.');
        if (last < 0 || (last + 1 < logger.length() && Character.isUpperCase(logger.charAt(last + 1)))) {
            return logger.substring(last + 1);
        }
        return logger.substring(logger.lastIndexOf('.', last - 1) + 1);
    }

    private static void under(String text, StringBuilder out) {
        text.lines().forEach(line -> out.append(UNDER).append(visible(line)));
    }

    private static String quotedIfNeeded(String value) {
        boolean plain = !value.isEmpty();
        for (int i = 0; i < value.length() && plain; i++) {
            char c = value.charAt(i);
            plain = c > ' ' && c != '"' && c != '=';
        }
        return visible(plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    /** Returns the text with its control characters (C0 except the tab, DEL, C1) escaped. */
    private static String visible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return escaped(text, i);
            }
        }
        return text;
    }

    private static String escaped(String text, int from) {
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, from);
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isControl(c)) {
                out.append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c != '\r') {
                JsonText.unicodeEscape(c, out);
            } else {
                out.append("\\r");
            }
        }
        return out.toString();
    }

    private static boolean isControl(char c) {
        return (c < ' ' && c != '\t') || (c >= 0x7f && c <= 0x9f);
    }
}
