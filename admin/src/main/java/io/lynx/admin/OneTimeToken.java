package io.lynx.admin;

import java.io.Console;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The token of one run, for systems that do not reveal the owner of a connection, where no caller counts as local. It is
 * printed on the terminal that the service was started from, and nowhere else.
 */
final class OneTimeToken {
    private static final int BYTES = 16;

    private OneTimeToken() {}

    /** Creates and prints a token; returns empty if there is no terminal or no token is needed. */
    @SuppressWarnings("SystemConsoleNull") // Its declaration still allows null.
    static Optional<String> print(ConnectionOwner owners) {
        if (owners.isSupported()) {
            return Optional.empty();
        }
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return Optional.empty();
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        console.printf(
                "This system does not reveal the owner of a connection. The token of this run for /debug/ is%n"
                        + "    Authorization: Bearer %s%n",
                token);
        return Optional.of(token);
    }
}
