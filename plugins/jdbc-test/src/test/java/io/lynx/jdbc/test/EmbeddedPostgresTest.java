package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.StablePort;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The PostgreSQL of an archive, for systems on which none is installed. */
class EmbeddedPostgresTest {
    private static final String NOBODY = "nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin";
    private static final String ROOT = "root:x:0:0:root:/root:/bin/bash";

    /** In the long form, since the archive must be unpacked. */
    @Test
    @EnabledIfSystemProperty(named = "system-tests", matches = "full")
    void aServerOfTheArchiveRunsAlsoIfThisProcessIsOfRoot() throws Exception {
        URL archive = Objects.requireNonNull(EmbeddedPostgres.find(), "no archive on the class path");
        Path folder = Files.createTempDirectory("lynx-postgres-");
        PostgresPrograms programs = PostgresPrograms.embedded(archive, folder);
        if (programs.user() != null) {
            programs = new PostgresPrograms(programs.folder(), SystemUser.among(List.of(NOBODY)));
        }
        try (PostgresServer server = PostgresServer.create(folder, programs, StablePort.find())) {
            server.start();

            assertThat(server.count("SELECT current_setting('server_version_num')::int / 10000"))
                    .isEqualTo(14);
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void archivesAreNamedAsTheirArtifactsHaveThem() {
        assertThat(EmbeddedPostgres.name("Linux", "amd64")).isEqualTo("postgres-linux-x86_64.txz");
        assertThat(EmbeddedPostgres.name("Mac OS X", "aarch64")).isEqualTo("postgres-darwin-arm_64.txz");
        assertThat(EmbeddedPostgres.name("Windows 11", "amd64")).isEqualTo("postgres-windows-x86_64.txz");
    }

    @Test
    void theUserOfThePackageIsPreferredToNobody() {
        String postgres = "postgres:x:107:115:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash";

        assertThat(SystemUser.among(List.of(ROOT, NOBODY, postgres))).isEqualTo(new SystemUser("107", "115"));
        assertThat(SystemUser.among(List.of(ROOT, NOBODY))).isEqualTo(new SystemUser("65534", "65533"));
        assertThatThrownBy(() -> SystemUser.among(List.of(ROOT)))
                .hasMessageContaining("PostgreSQL refuses to run as root")
                .hasMessageContaining("run the tests as another user");
    }
}
