package io.lynx.jdbc.driver;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a database is, as far as its URL says. Immutable.
 *
 * @param system the kind of the database, such as {@code postgresql}, as spans name it
 * @param host empty if the database is embedded
 * @param port 0 if the URL has none
 * @param database its name at the server; empty if the URL has none
 */
public record DatabaseAddress(String system, String host, int port, String database) {
    private static final Pattern SERVER = Pattern.compile(
            "jdbc:([a-z0-9]+):(?:[a-z]+:)?//(?:[^/@]*@)?([^/:,;?]*)(?::(\\d{1,5}))?[^/;?]*(?:/([^?;]*))?.*");
    private static final Pattern EMBEDDED = Pattern.compile("jdbc:([a-z0-9]+):.*");

    /** Returns what a URL says; the system is {@code other_sql} if it is malformed. */
    public static DatabaseAddress of(String url) {
        Matcher server = SERVER.matcher(url);
        if (server.matches()) {
            String port = server.group(3);
            String name = server.group(4);
            return new DatabaseAddress(
                    system(server.group(1)),
                    server.group(2),
                    port == null ? 0 : Integer.parseInt(port),
                    name == null ? "" : name);
        }
        Matcher embedded = EMBEDDED.matcher(url);
        return new DatabaseAddress(embedded.matches() ? system(embedded.group(1)) : "other_sql", "", 0, "");
    }

    private static String system(String scheme) {
        return switch (scheme) {
            case "h2" -> "h2database";
            case "sqlserver" -> "microsoft.sql_server";
            case "oracle" -> "oracle.db";
            default -> scheme;
        };
    }
}
