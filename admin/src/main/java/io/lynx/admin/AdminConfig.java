package io.lynx.admin;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Secret;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code lynx.admin}. Immutable.
 *
 * @param enabled whether there are operations endpoints at all
 * @param token lets callers from elsewhere in, as {@code Authorization: Bearer}; at least 16 characters
 * @param allowChanges whether {@code POST} may change anything, such as restart plugins and stop the application
 * @param allowedHosts names that a loopback caller may use for this host beside {@code localhost}
 */
public record AdminConfig(
        @Doc("Whether there are operations endpoints at all.") @Default("true")
        boolean enabled,

        @Doc("Lets callers from elsewhere see what loopback may see, as 'Authorization: Bearer'; 16 characters or"
                + " more.")
        @Secret
        Optional<String> token,

        @Doc("Whether POST may change anything: restart plugins, set breakers, replay events, stop the application.")
        @Default("false")
        boolean allowChanges,

        @Doc("Names that a loopback caller may use for this host beside localhost.") @Default("[]")
        List<String> allowedHosts) {
    private static final int MIN_TOKEN_LENGTH = 16;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the token is too short to resist guessing
     */
    public AdminConfig {
        allowedHosts = List.copyOf(allowedHosts);
        if (token.isPresent() && token.get().length() < MIN_TOKEN_LENGTH) {
            throw new IllegalArgumentException(
                    "the token has " + token.get().length() + " characters; 16 or more are required");
        }
    }

    /** What an empty section gives. */
    public static AdminConfig defaults() {
        return new AdminConfig(true, Optional.empty(), false, List.of());
    }

    /** Never shows the token. */
    @Override
    public String toString() {
        return "AdminConfig[enabled=" + enabled + ", token=" + (token.isPresent() ? "***" : "none") + ", allowChanges="
                + allowChanges + ", allowedHosts=" + allowedHosts + "]";
    }
}
