package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Config.ConfigEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** A whole application, over real sockets, whose file changes under it. */
class ReloadPageTest {
    private static final String RELOAD = "/debug/config/reload";
    private static final String AT_START = """
        lynx:
          http:
            max_body_size: 1MB
          log:
            levels:
              shop.orders: warn
        """;

    @TempDir
    private Path directory;

    private final PagesFixture fixture = new PagesFixture();

    @AfterEach
    void end() {
        fixture.close();
    }

    private void start(String... settings) throws Exception {
        write(AT_START);
        fixture.start(directory, settings);
    }

    private void write(String yaml) throws Exception {
        Files.writeString(directory.resolve("config.yml"), yaml);
    }

    private String value(String key) {
        return fixture.application().configuration().stream()
                .filter(entry -> entry.key().equals(key))
                .map(ConfigEntry::value)
                .findAny()
                .orElseThrow();
    }

    private static boolean isDebugLogged() {
        return LoggerFactory.getLogger("shop.orders").isDebugEnabled();
    }

    @Test
    void appliesLevelsAndNamesThePluginToRestart() throws Exception {
        start("lynx.admin.allow_changes=true");
        assertThat(isDebugLogged()).isFalse();
        write(AT_START.replace("warn", "debug").replace("1MB", "2MB"));

        RawHttp.Answer answer = fixture.service().send("POST", RELOAD);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("""
            {
              "applied": [
                {
                  "key": "lynx.log.levels.shop.orders",
                  "before": "warn",
                  "after": "debug",
                  "source": "config.yml:6"
                }
              ],
              "restart_required": [
                {
                  "key": "lynx.http.max_body_size",
                  "before": "1MB",
                  "after": "2MB",
                  "source": "config.yml:3",
                  "plugin": "http"
                }
              ]
            }
            """);
        assertThat(isDebugLogged()).isTrue();
        assertThat(value("lynx.http.max_body_size")).isEqualTo("1MB");
        assertThat(fixture.auditLines()).containsExactly("Admin change: reload of configuration done");

        assertThat(fixture.management()
                        .send("POST", "/debug/plugins/http/restart")
                        .status())
                .isEqualTo(200);
        assertThat(value("lynx.http.max_body_size")).isEqualTo("2MB");
        assertThat(fixture.management().send("POST", RELOAD).body())
                .isEqualTo("{\n  \"applied\": [],\n  \"restart_required\": []\n}\n");
    }

    @Test
    void refusesAnInvalidConfigurationWithEveryProblem() throws Exception {
        start("lynx.admin.allow_changes=true");
        write("""
            lynx:
              http:
                max_body_size: much
              log:
                levels:
                  shop.orders: debug
                levle: info
            """);

        RawHttp.Answer answer = fixture.management().send("POST", RELOAD);

        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body())
                .contains("{\"field\":\"lynx.http.max_body_size\",\"message\":\"'much' is not a size (config.yml:3)")
                .contains("{\"field\":\"lynx.log.levle\",\"message\":\"unknown (config.yml:7); did you mean 'level");
        assertThat(isDebugLogged()).isFalse();
        assertThat(fixture.auditLines()).containsExactly("Admin change: reload of configuration refused");
    }

    @ParameterizedTest
    @CsvSource({
        "false, POST, , 403",
        "true,  GET,  , 405",
        "true,  POST, Origin: http://evil.example, 403",
        "true,  POST, Host: evil.example, 404"
    })
    void changesNothingForUntrustedCallers(boolean allowed, String method, String header, int status) throws Exception {
        start("lynx.admin.allow_changes=" + allowed);
        write(AT_START.replace("warn", "debug"));

        RawHttp.Answer answer = header == null
                ? fixture.management().send(method, RELOAD)
                : fixture.management().send(method, RELOAD, header);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(isDebugLogged()).isFalse();
        assertThat(fixture.auditLines()).isEmpty();
    }

    @Test
    void isListed() throws Exception {
        start("lynx.admin.allow_changes=true");

        assertThat(fixture.management().get("/debug/").body()).contains("\"path\": \"" + RELOAD + "\"");
    }
}
