package io.lynx.security.http;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Scanner;

/**
 * Makes what the configuration needs: {@code key} makes an API key and prints it with its hash; {@code password} reads a password and
 * prints its hash. The key and the password are not kept anywhere. Stateless and
 * thread-safe.
 */
public final class HashedCredential {
    private static final int KEY = 32;
    private static final int SALT = 16;
    private static final int SHORTEST = 12;

    private HashedCredential() {}

    /** Runs the command {@code key} or {@code password}. */
    public static void main(String[] args) {
        System.out.println(run(args));
    }

    static String run(String[] args) {
        String command = args.length == 1 ? args[0] : "";
        return switch (command) {
            case "key" -> key();
            case "password" -> password(read(System.console(), System.err));
            default -> "usage: HashedCredential key | password";
        };
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static String key() {
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random(KEY));
        return "key:    " + key + "  (for the client; it cannot be shown again)\nsha256: " + TokenDigest.hex(key)
                + "  (for lynx.security.api_keys.clients.<client>.keys.<name>)";
    }

    static String password(char[] password) {
        if (password.length < SHORTEST) {
            return "password: " + password.length + " characters; " + SHORTEST + " or more";
        }
        return PasswordHash.of(password, random(SALT), PasswordHash.ITERATIONS).text();
    }

    /** From the terminal without showing it, or else the first line of the standard input. */
    private static char[] read(@org.jspecify.annotations.Nullable Console console, PrintStream prompt) {
        if (console != null && console.isTerminal()) {
            char[] typed = console.readPassword("Password: ");
            return typed == null ? new char[0] : typed;
        }
        prompt.println("Reading the password from the standard input");
        Scanner input = new Scanner(System.in, StandardCharsets.UTF_8);
        return input.hasNextLine() ? input.nextLine().toCharArray() : new char[0];
    }
}
