package io.lynx.recovery;

import java.util.Locale;

/** How bad an error is, from a nuisance to the loss of the component; it selects the default recovery. */
public enum ErrorSeverity {
    /** A nuisance. */
    LOW(0),
    /** A part of the work fails. */
    MEDIUM(1),
    /** Most of the component's work fails. */
    HIGH(2),
    /** The component is lost. */
    CRITICAL(3);

    private final int level;

    ErrorSeverity(int level) {
        this.level = level;
    }

    /** The number in JSON, 0 to 3. */
    public int level() {
        return level;
    }

    /** The name in metrics and JSON, such as {@code medium}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
