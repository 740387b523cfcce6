package io.lynx.app.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.ApplicationConfig;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BuildInfoTest {
    private static ApplicationConfig identity(Map<String, String> metadata) {
        return new ApplicationConfig("shop", "1.2.3", null, metadata, true);
    }

    /** A class path with these files. */
    private static ClassLoader holding(Map<String, String> files) {
        return new ClassLoader(null) {
            @Override
            public @Nullable InputStream getResourceAsStream(String name) {
                String text = files.get(name);
                return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        };
    }

    @Test
    void prefersTheConfiguration() {
        ClassLoader loader = holding(Map.of("git.properties", "git.commit.id=fff\ngit.build.time=1999"));

        BuildInfo build = BuildInfo.of(identity(Map.of("commit", "abc", "build_date", "2026-01-01")), loader);

        assertThat(build).isEqualTo(new BuildInfo("1.2.3", "abc", "2026-01-01"));
    }

    @Test
    void readsTheFilesOfBuildTools() {
        ClassLoader loader = holding(Map.of(
                "META-INF/build-info.properties", "build.time=2026-02-03T04:05:06Z",
                "git.properties", "git.commit.id.full=0123456789\ngit.commit.id.abbrev=0123456\ngit.build.time=1999"));

        BuildInfo build = BuildInfo.of(identity(Map.of()), loader);

        assertThat(build).isEqualTo(new BuildInfo("1.2.3", "0123456", "2026-02-03T04:05:06Z"));
    }

    @Test
    void isUnknownWithoutASource() {
        ClassLoader broken = holding(Map.of("git.properties", "git.commit.id=\\uZZZZ"));

        assertThat(BuildInfo.of(identity(Map.of("commit", "  ")), broken))
                .isEqualTo(new BuildInfo("1.2.3", "unknown", "unknown"));
    }
}
