package io.lynx.config;

import io.lynx.config.ConfigNode.Empty;
import io.lynx.config.ConfigNode.Items;
import io.lynx.config.ConfigNode.Text;
import io.lynx.config.Expansion.Expanded;
import io.lynx.config.RecordSchema.Component;
import io.lynx.config.RecordSchema.Single;
import io.lynx.config.Scalar.Refused;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads single values, each from its text or by its default, and notes their problems and effective values. Where a value
 * cannot be had, {@link Binder#INVALID} stands in. Not thread-safe.
 */
final class ValueReader {
    /** A reference alone, which says nothing of the value behind it. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[A-Za-z0-9_.-]+}");

    private final Expansion expansion;
    private final Found found;
    private final boolean isIncomplete;

    /** In how many maps the reader is: there, the table leaves out what is not set, or it would hide what is. */
    private int namesAround;

    /**
     * Creates a reader.
     *
     * @param isIncomplete whether a source could not be read, so that a missing key proves nothing
     */
    ValueReader(Expansion expansion, Found found, boolean isIncomplete) {
        this.expansion = expansion;
        this.found = found;
        this.isIncomplete = isIncomplete;
    }

    /** Enters a map of chosen names. */
    void enterNames() {
        namesAround++;
    }

    /** Leaves it. */
    void leaveNames() {
        namesAround--;
    }

    /** Notes a value that is not set and may be null. */
    @Nullable
    Object absent(String key, Component component, @Nullable ConfigNode node) {
        if (node != null) {
            node.taken();
        }
        if (namesAround == 0) {
            found.entry(key, component, null, Origin.DEFAULT, component.isSecret());
        }
        return null;
    }

    /** Returns the value of a key, or its default. */
    @Nullable
    Object single(String key, Component component, Scalar scalar, @Nullable ConfigNode node) {
        boolean isSecret = component.isSecret() || Masking.isSecretName(key);
        if (node != null
                && (!node.children().isEmpty() || node.value() instanceof Items || node.value() instanceof Empty)) {
            String shape = !node.children().isEmpty() || node.value() instanceof Empty ? "is a section" : "is a list";
            found.problem(key, shape + " (" + node.origin() + "); one value, such as " + example(component, scalar));
            return Binder.INVALID;
        }
        if (node == null || !(node.value() instanceof Text written)) {
            return fallback(key, component, scalar, node);
        }
        Expanded text = expand(key, written, isSecret);
        if (text == null) {
            return Binder.INVALID;
        }
        if (text.text().isBlank() && isRequired(component)) {
            found.problem(key, "'" + text.text() + "' is empty (" + written.origin() + "); " + scalar.describe());
            return Binder.INVALID;
        }
        return read(key, component, scalar, text.text(), written.origin(), isSecret || text.isSecret());
    }

    private static boolean isRequired(Component component) {
        return component.kind() instanceof Single && component.defaultText() == null && !component.isNullable();
    }

    private static String example(Component component, Scalar scalar) {
        return component.defaultText() == null || component.defaultText().isEmpty() || component.isSecret()
                ? scalar.example()
                : component.defaultText();
    }

    private @Nullable Object fallback(String key, Component component, Scalar scalar, @Nullable ConfigNode node) {
        if (component.defaultText() != null) {
            found.entry(key, component, component.defaultText(), Origin.DEFAULT, component.isSecret());
            return byDefault(key, scalar, component.defaultText());
        }
        if (component.isNullable()) {
            return absent(key, component, node);
        }
        if (!isIncomplete || node != null) {
            String where = node == null ? "missing" : "left empty (" + node.origin() + ")";
            found.problem(
                    key,
                    where + "; set it in config.yml, by " + ConfigKey.variable(key) + " or by --" + key + "=VALUE");
        }
        return Binder.INVALID;
    }

    /** Reads a default. */
    static Object byDefault(String key, Scalar scalar, String text) {
        try {
            return scalar.read(text);
        } catch (Refused refused) {
            throw new IllegalStateException(key + ": its default '" + text + "' " + refused.getMessage());
        }
    }

    /** Expands a text; returns null, and notes the problem, if that cannot be done. */
    @Nullable
    Expanded expand(String key, Text written, boolean isSecret) {
        try {
            return expansion.expand(written);
        } catch (Refused refused) {
            boolean isShown = !isSecret || REFERENCE.matcher(written.text()).matches();
            String shown = isShown ? "'" + Masking.mask(written.text()) + "'" : "the value";
            found.problem(key, shown + " " + refused.complaint() + " (" + written.origin() + "); " + refused.allowed());
            return null;
        }
    }

    /** Reads a value from its text. */
    Object read(String key, Component component, Scalar scalar, String text, Origin origin, boolean isSecret) {
        int secretsBefore = found.secretCount();
        found.entry(key, component, text, origin, isSecret);
        String shown = isSecret ? "the value" : "'" + Masking.mask(text) + "'";
        try {
            Object value = scalar.read(text);
            if (component.range() != null && !isWithin(value, scalar, component.range())) {
                found.problem(
                        key, shown + " is out of range (" + origin + "); " + ConfigKey.allowed(component.range()));
                return Binder.INVALID;
            }
            return value;
        } catch (Refused refused) {
            found.problem(
                    key,
                    shown + " " + refused.complaint() + " (" + origin + "); "
                            + found.withoutSecrets(refused.allowed(), secretsBefore));
            return Binder.INVALID;
        }
    }

    @SuppressWarnings("unchecked") // both bounds are read by the reader of the value itself
    private static boolean isWithin(Object value, Scalar scalar, Range range) {
        Comparable<Object> comparable = (Comparable<Object>) value;
        return (range.min().isEmpty() || comparable.compareTo(scalar.read(range.min())) >= 0)
                && (range.max().isEmpty() || comparable.compareTo(scalar.read(range.max())) <= 0);
    }
}
