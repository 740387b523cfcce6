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
 * Reads single values, each from its text or its default, and records their problems and effective values. A value that
 * has a problem is replaced by {@link Binder#INVALID}. Not thread-safe.
 */
final class ValueReader {
    /** A value that is only a reference, which does not reveal the value that it refers to. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[A-Za-z0-9_.-]+}");

    private final Expansion expansion;
    private final Found found;
    private final boolean isIncomplete;

    /**
     * The number of maps that the reader is in. Inside maps the table leaves out keys that are not set, since they
     * would hide the others.
     */
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

    /** Leaves a map of chosen names. */
    void leaveNames() {
        namesAround--;
    }

    /** Records a value that is not set and may be null. */
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

    /** Parses a default. */
    static Object byDefault(String key, Scalar scalar, String text) {
        try {
            return scalar.read(text);
        } catch (Refused refused) {
            throw new IllegalStateException(key + ": its default '" + text + "' " + refused.getMessage());
        }
    }

    /** Expands a text. If that is impossible, records the problem and returns null. */
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

    /** Parses a value. */
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

    @SuppressWarnings("unchecked") // Both bounds are parsed by the parser of the value itself.
    private static boolean isWithin(Object value, Scalar scalar, Range range) {
        Comparable<Object> comparable = (Comparable<Object>) value;
        return (range.min().isEmpty() || comparable.compareTo(scalar.read(range.min())) >= 0)
                && (range.max().isEmpty() || comparable.compareTo(scalar.read(range.max())) <= 0);
    }
}
