package io.lynx.recovery;

import java.util.Locale;

/** The effect of an error on its component; it selects the default chain. */
public enum ErrorSeverity {
    /** Hardly any effect. It is counted and restarts nothing. */
    LOW(0),
    /** A part of the work fails. */
    MEDIUM(1),
    /** Most of the component's work fails. */
    HIGH(2),
    /** The component does not work. */
    CRITICAL(3);

    private final int level;

    ErrorSeverity(int level) {
        this.level = level;
    }

    /** Returns the number in JSON, 0 to 3. */
    public int level() {
        return level;
    }

    /** Returns the name in metrics and JSON, such as {@code medium}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
