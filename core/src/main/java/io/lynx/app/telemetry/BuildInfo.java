package io.lynx.app.telemetry;

import io.lynx.app.ApplicationConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The build of the application. The version is the configured one; commit and date come from {@code
 * lynx.application.metadata} ({@code commit}, {@code build_date}) or else from what build tools put on the class path:
 * {@code META-INF/build-info.properties} or {@code git.properties}. A value that none of them has is {@code unknown}.
 * Immutable.
 */
record BuildInfo(String version, String commit, String buildDate) {
    private static final String UNKNOWN = "unknown";
    private static final List<String> FILES = List.of("META-INF/build-info.properties", "git.properties");
    private static final List<String> COMMIT =
            List.of("commit", "build.commit", "git.commit.id.abbrev", "git.commit.id", "git.commit.id.full");
    private static final List<String> DATE = List.of("build_date", "build.time", "git.build.time", "git.commit.time");

    static BuildInfo of(ApplicationConfig identity) {
        return of(identity, ClassLoader.getSystemClassLoader());
    }

    static BuildInfo of(ApplicationConfig identity, ClassLoader loader) {
        Map<String, String> configured = identity.metadata();
        String commit = configured.getOrDefault("commit", "");
        String date = configured.getOrDefault("build_date", "");
        for (String file : FILES) {
            if (commit.isBlank() || date.isBlank()) {
                Properties properties = read(loader, file);
                commit = commit.isBlank() ? first(properties, COMMIT) : commit;
                date = date.isBlank() ? first(properties, DATE) : date;
            }
        }
        return new BuildInfo(identity.version(), orUnknown(commit), orUnknown(date));
    }

    private static String orUnknown(String value) {
        return value.isBlank() ? UNKNOWN : value.strip();
    }

    private static String first(Properties properties, List<String> keys) {
        for (String key : keys) {
            String value = properties.getProperty(key, "");
            if (!value.isBlank()) {
                return value;
            }
        }
        return "";
    }

    /** Returns an empty set if the file is missing or cannot be read: the other metrics do not depend on it. */
    private static Properties read(ClassLoader loader, String file) {
        Properties properties = new Properties();
        try (InputStream in = loader.getResourceAsStream(file)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            return new Properties();
        }
        return properties;
    }
}
