package io.lynx.admin;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Secret;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code lynx.admin}. Immutable.
 *
 * @param enabled whether the application has operations endpoints
 * @param token gives access to every caller that sends it as {@code Authorization: Bearer}; at least 16 characters
 * @param allowChanges whether {@code POST} may change anything, such as restart plugins and shut down the application
 * @param allowedHosts names that a local caller may use for this host besides {@code localhost} and loopback addresses
 */
public record AdminConfig(
        @Doc("Whether the application has operations endpoints.") @Default("true")
        boolean enabled,

        @Doc("Gives access to callers that send it as 'Authorization: Bearer'; 16 characters or more.") @Secret
        Optional<String> token,

        @Doc("Whether POST may change anything: restart plugins, set breakers, replay events, shut down.")
        @Default("false")
        boolean allowChanges,

        @Doc("Names that a local caller may use for this host besides localhost.") @Default("[]")
        List<String> allowedHosts) {
    private static final int MIN_TOKEN_LENGTH = 16;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the token is shorter than 16 characters
     */
    public AdminConfig {
        allowedHosts = List.copyOf(allowedHosts);
        if (token.isPresent() && token.get().length() < MIN_TOKEN_LENGTH) {
            throw new IllegalArgumentException(
                    "the token has " + token.get().length() + " characters; 16 or more are required");
        }
    }

    /** Returns the defaults, as for an empty section. */
    public static AdminConfig defaults() {
        return Binding.defaults(AdminConfig.class);
    }

    /** Never shows the token. */
    @Override
    public String toString() {
        return "AdminConfig[enabled=" + enabled + ", token=" + (token.isPresent() ? "***" : "none") + ", allowChanges="
                + allowChanges + ", allowedHosts=" + allowedHosts + "]";
    }
}
