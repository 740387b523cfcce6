package io.lynx.security.http;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Users that identify themselves by a password in each request, for internal use: {@code lynx.security.basic}. Immutable.
 *
 * @param users by their names
 * @param allowClearText whether passwords are accepted on a listener without TLS
 * @param cache how long a password that was right is accepted without another check
 * @param attempts wrong passwords that an address may send in a period
 * @param period that period
 * @param maxChecks passwords that are checked at a time
 */
public record BasicConfig(
        @Doc("Users, by their names.") Map<String, BasicUser> users,

        @Doc("Whether passwords are accepted on a listener without TLS, because a proxy in front has it.")
        @Default("false")
        boolean allowClearText,

        @Doc("How long a password that was right is accepted without another check.")
        @Default("60s")
        @Range(min = "0s", max = "10m")
        Duration cache,

        @Doc("How many wrong passwords an address may send in a period; then it is refused with 429.")
        @Default("10")
        @Range(min = "1", max = "10000")
        int attempts,

        @Doc("That period.") @Default("1m") @Range(min = "1s", max = "1d")
        Duration period,

        @Doc(
                "How many passwords are checked at a time. Sixteen more wait for each; further ones, and those that wait for longer than five seconds, are answered with 503.")
        @Default("1")
        @Range(min = "1", max = "64")
        int maxChecks) {
    /**
     * Copies the map.
     *
     * @throws IllegalArgumentException if there is no user, or a name has a colon
     */
    public BasicConfig {
        users = Map.copyOf(users);
        if (users.isEmpty()) {
            throw new IllegalArgumentException("users: none; at least one");
        }
        users.keySet().forEach(name -> {
            if (name.indexOf(':') >= 0) {
                throw new IllegalArgumentException("users: '" + name + "'; a name has no colon");
            }
        });
    }

    /**
     * A user. Immutable.
     *
     * @param password hashed
     * @param roles of its principal
     */
    public record BasicUser(
            @Doc("The hashed password, as HashedCredential prints it: pbkdf2-sha256$iterations$salt$hash.") @Secret
            String password,

            @Doc("Roles of the user.") @Default("[]") List<String> roles) {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if the password is not hashed, or weakly
         */
        public BasicUser {
            roles = List.copyOf(roles);
            PasswordHash _ = PasswordHash.parse(password);
        }

        /** Never shows the password. */
        @Override
        public String toString() {
            return "BasicUser[roles=" + roles + "]";
        }
    }
}
