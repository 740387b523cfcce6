package io.lynx.config;

import io.lynx.config.Config.ConfigEntry;
import java.util.List;

/** Prints the effective configuration as columns of text. Thread-safe. */
public final class ConfigTable {
    private static final ConfigEntry HEADER = new ConfigEntry("KEY", "VALUE", "DEFAULT", "SOURCE", "");

    private ConfigTable() {}

    /** Returns a header and a line for each entry, in aligned columns. Every line ends with {@code \n}. */
    public static String print(List<ConfigEntry> entries) {
        int key = HEADER.key().length();
        int value = HEADER.value().length();
        int defaultValue = HEADER.defaultValue().length();
        for (ConfigEntry entry : entries) {
            key = Math.max(key, entry.key().length());
            value = Math.max(value, shown(entry.value()).length());
            defaultValue = Math.max(defaultValue, shown(entry.defaultValue()).length());
        }
        StringBuilder out = new StringBuilder();
        print(out, HEADER, key, value, defaultValue);
        for (ConfigEntry entry : entries) {
            print(out, entry, key, value, defaultValue);
        }
        return out.toString();
    }

    private static void print(StringBuilder out, ConfigEntry entry, int key, int value, int defaultValue) {
        pad(out, entry.key(), key);
        pad(out, shown(entry.value()), value);
        pad(out, shown(entry.defaultValue()), defaultValue);
        out.append(entry.source()).append('\n');
    }

    private static void pad(StringBuilder out, String text, int width) {
        out.append(text).repeat(' ', width - text.length() + 2);
    }

    private static String shown(String text) {
        return text.isEmpty() ? "-" : text.replace("\n", "\\n");
    }
}
