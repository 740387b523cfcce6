package io.lynx.config;

import io.lynx.config.Config.ConfigEntry;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.config.RecordSchema.Component;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The findings of a binding in progress: problems, effective values, secrets and unknown keys. Not thread-safe. */
final class Found {
    /** A problem and the key that it is sorted by. */
    private record Keyed(String key, ConfigProblem problem) implements Comparable<Keyed> {
        @Override
        public int compareTo(Keyed other) {
            return key.compareTo(other.key);
        }
    }

    /** An entry of the table and its text, which the entry of a secret does not show. */
    record Effective(ConfigEntry entry, String text) {}

    /** A key that no record reads; {@code siblings} are the keys that are allowed in its place. */
    record Unknown(String key, String name, Origin origin, java.util.Collection<String> siblings) {}

    /** The length of a part of a secret that a message must not contain; shorter ones are parts of words too often. */
    private static final int TELLING_PART = 6;

    private final List<Keyed> problems = new ArrayList<>();
    private final List<Effective> entries = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();
    private final List<Unknown> unknown = new ArrayList<>();

    /** Records a problem; text in {@code rest} that looks like a secret is masked. */
    void problem(String key, String rest) {
        problems.add(new Keyed(key, new ConfigProblem(key + ": " + Masking.mask(rest))));
    }

    void entry(String key, Component component, @Nullable String text, Origin origin, boolean isSecret) {
        String raw = text == null ? "" : text;
        if (isSecret && !raw.isEmpty() && !origin.isDefault()) {
            secrets.add(raw);
        }
        String fallback = component.defaultText() == null ? "" : component.defaultText();
        entries.add(new Effective(
                new ConfigEntry(
                        key,
                        isSecret ? mask(raw) : Masking.mask(raw),
                        isSecret ? mask(fallback) : fallback,
                        origin.toString(),
                        component.doc()),
                raw));
    }

    private static String mask(String text) {
        return text.isEmpty() ? "" : Masking.MASK;
    }

    int entryCount() {
        return entries.size();
    }

    /** Joins the entries of a list's items, which begin at {@code from}, into one. */
    void join(String key, Component component, int from, Origin origin) {
        List<Effective> items = entries.subList(from, entries.size());
        List<String> shown = new ArrayList<>();
        List<String> raw = new ArrayList<>();
        for (Effective item : items) {
            shown.add(item.entry().value());
            raw.add(item.text());
        }
        items.clear();
        String fallback = component.defaultText() == null || component.isSecret() ? "[]" : component.defaultText();
        entries.add(new Effective(
                new ConfigEntry(
                        key, "[" + String.join(", ", shown) + "]", fallback, origin.toString(), component.doc()),
                "[" + String.join(", ", raw) + "]"));
    }

    int secretCount() {
        return secrets.size();
    }

    /**
     * Returns the message with every secret found since {@code from} masked, and with it each long part of one, such as the
     * message of a parser contains that has failed within the secret.
     */
    String withoutSecrets(String message, int from) {
        String masked = message;
        for (String secret : secrets.subList(from, secrets.size())) {
            masked = withoutParts(masked.replace(secret, Masking.MASK), secret);
        }
        return masked;
    }

    private static String withoutParts(String message, String secret) {
        BitSet telling = new BitSet(message.length());
        for (int end = TELLING_PART; end <= message.length(); end++) {
            if (secret.contains(message.substring(end - TELLING_PART, end))) {
                telling.set(end - TELLING_PART, end);
            }
        }
        StringBuilder masked = new StringBuilder(message.length());
        for (int at = 0; at < message.length(); at++) {
            if (!telling.get(at)) {
                masked.append(message.charAt(at));
            } else if (at == 0 || !telling.get(at - 1)) {
                masked.append(Masking.MASK);
            }
        }
        return masked.toString();
    }

    /** Records the topmost keys at and below {@code node} that no record has read. */
    void unknownBelow(String key, ConfigNode node) {
        if (node.role() == ConfigNode.Role.SECTION) {
            for (Map.Entry<String, ConfigNode> child : node.children().entrySet()) {
                String childKey = key + "." + child.getKey();
                if (child.getValue().role() == ConfigNode.Role.UNKNOWN) {
                    unknown.add(new Unknown(
                            childKey, child.getKey(), child.getValue().origin(), node.keys()));
                } else {
                    unknownBelow(childKey, child.getValue());
                }
            }
        }
    }

    List<Unknown> unknown() {
        return unknown;
    }

    List<ConfigProblem> problems() {
        List<Keyed> sorted = new ArrayList<>(problems);
        Collections.sort(sorted);
        List<ConfigProblem> inOrder = new ArrayList<>();
        for (Keyed keyed : sorted) {
            inOrder.add(keyed.problem());
        }
        return inOrder;
    }

    java.util.SortedMap<String, Effective> entries() {
        TreeMap<String, Effective> byKey = new TreeMap<>();
        for (Effective effective : entries) {
            byKey.put(effective.entry().key(), effective);
        }
        return byKey;
    }
}
