package io.lynx.jdbc.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user of this system. Immutable.
 *
 * @param id its number
 * @param group the number of its group
 */
record SystemUser(String id, String group) {
    private static final Path USERS = Path.of("/etc/passwd");

    /** The user that the package of PostgreSQL creates, and the one that owns nothing. */
    private static final List<String> CANDIDATES = List.of("postgres", "nobody");

    private static final int FIELDS = 4;

    /**
     * Returns a user as whom a program can run that refuses to run as root.
     *
     * @return null if this process is not root's
     * @throws IllegalStateException if it is, and there is no such user
     */
    static @Nullable SystemUser notRoot() throws IOException {
        return "root".equals(System.getProperty("user.name"))
                ? among(Files.readAllLines(USERS, StandardCharsets.ISO_8859_1))
                : null;
    }

    /** Returns the user among the lines of {@code /etc/passwd}. */
    static SystemUser among(List<String> users) {
        for (String name : CANDIDATES) {
            for (String line : users) {
                String[] fields = line.split(":", -1);
                if (fields.length >= FIELDS && fields[0].equals(name)) {
                    return new SystemUser(fields[2], fields[3]);
                }
            }
        }
        throw new IllegalStateException("PostgreSQL refuses to run as root, and " + USERS + " has none of the users "
                + String.join(", ", CANDIDATES) + "; create one, or run the tests as another user");
    }
}
