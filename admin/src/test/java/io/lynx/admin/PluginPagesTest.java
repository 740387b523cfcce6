package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.HttpServer;
import io.lynx.page.PageContent;
import io.lynx.page.PluginPage;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages that a plugin adds without knowing this module. */
@ExtendWith(LynxExtension.class)
class PluginPagesTest {
    private final AdminPlugin admin = new AdminPlugin();
    private final List<String> ran = new ArrayList<>();

    @SuppressWarnings("UnusedVariable") // The extension starts it.
    private final LynxTest lynx = LynxTest.of(admin, new ServicePages(), HttpServer.with(_ -> {}), new Jobs())
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .with("lynx.admin.allow_changes", "true")
            .build();

    private final class Jobs implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("jobs").build();
        }

        @Override
        public void start(PluginContext context) {
            context.page("jobs", () -> PageContent.builder("Jobs")
                    .columns("job", "last run", "url", "token")
                    .row("mail", "mail", Instant.parse("2026-01-01T00:00:00Z"), "http://u:hunter2@mail", "hunter2")
                    .row("clean", "clean", null, 7, "")
                    .rowAction("run-now", "Run now", row -> {
                        if (row.equals("clean")) {
                            throw new IllegalStateException("password=hunter2 refused");
                        }
                        ran.add(row);
                        return row + " started";
                    })
                    .build());
            context.page("broken", () -> {
                throw new StackOverflowError("secret=hunter2");
            });
            addMailPage(context);
            context.panel("load", () -> PageContent.builder("Load").build());
        }
    }

    /** The example of the guide. */
    private void addMailPage(PluginContext context) {
        Instant lastRun = Instant.EPOCH;
        // snippet: plugin-page
        context.page("mail-jobs", () -> PageContent.builder("Mail jobs")
                .columns("job", "last run")
                .row("digest", "Daily digest", lastRun)
                .rowAction("run-now", "Run now", row -> run(row))
                .build());
        // end
    }

    private String run(String job) {
        ran.add(job);
        return job + " started";
    }

    private RawHttp management() {
        return new RawHttp(admin.url());
    }

    @Test
    void showsAPageAsAMaskedTable() throws Exception {
        RawHttp management = management();

        RawHttp.Answer page = management.get("/debug/jobs");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body().replaceAll("\\s+", ""))
                .isEqualTo(
                        "{\"plugin\":\"jobs\",\"title\":\"Jobs\",\"columns\":[\"job\",\"lastrun\",\"url\",\"token\"],"
                                + "\"rows\":[{\"id\":\"mail\",\"cells\":[\"mail\",\"2026-01-01T00:00:00Z\",\"http://u:***@mail\",\"***\"]},"
                                + "{\"id\":\"clean\",\"cells\":[\"clean\",null,7,\"\"]}],"
                                + "\"actions\":[{\"name\":\"run-now\",\"label\":\"Runnow\",\"per_row\":true,"
                                + "\"path\":\"/debug/jobs/run-now\"}]}");
    }

    @Test
    void listsPagesAndPanelsInTheIndex() throws Exception {
        RawHttp management = management();

        assertThat(management.get("/debug/").body())
                .contains("\"/debug/jobs\"", "\"/debug/panels/load\"", "Page of the plugin jobs.")
                .doesNotContain("{page}");
        assertThat(management.get("/debug/panels/load").status()).isEqualTo(200);
        assertThat(management.get("/debug/load").status()).isEqualTo(404);
    }

    @Test
    void pluginsCannotTakeTheNameOfAPageOfTheFramework() throws Exception {
        RawHttp management = management();
        Set<String> own = Set.of("jobs", "broken", "mail-jobs", "panels");

        Set<String> names = Pattern.compile("\"/debug/([a-z-]+)")
                .matcher(management.get("/debug/").body())
                .results()
                .map(found -> found.group(1))
                .filter(name -> !own.contains(name))
                .collect(Collectors.toSet());

        assertThat(names).contains("config", "plugins", "shutdown-report");
        assertThat(names).allSatisfy(name -> assertThatThrownBy(
                        () -> new PluginPage("any", name, PluginPage.Kind.PAGE, () -> PageContent.builder("Any")
                                .build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the name of a page of the framework"));
    }

    @Test
    void runsAnActionOfARow() throws Exception {
        RawHttp management = management();

        RawHttp.Answer done = management.send("POST", "/debug/jobs/run-now?row=mail");

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body()).contains("mail started");
        assertThat(ran).containsExactly("mail");
        assertThat(management.send("POST", "/debug/jobs/run-now").status()).isEqualTo(400);
        assertThat(management.send("POST", "/debug/jobs/explode?row=mail").status())
                .isEqualTo(404);
        assertThat(management
                        .send("POST", "/debug/jobs/run-now?row=mail", "Origin: http://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(management
                        .send("POST", "/debug/jobs/run-now?row=mail", "Host: evil.example")
                        .status())
                .isEqualTo(404);
        assertThat(ran).containsExactly("mail");
    }

    @Test
    void thePageOfTheGuideWorks() throws Exception {
        RawHttp management = management();

        assertThat(management.get("/debug/mail-jobs").body()).contains("Daily digest");
        assertThat(management
                        .send("POST", "/debug/mail-jobs/run-now?row=digest")
                        .body())
                .contains("digest started");
    }

    @Test
    void failuresAreReportedMasked() throws Exception {
        RawHttp management = management();

        RawHttp.Answer action = management.send("POST", "/debug/jobs/run-now?row=clean");
        RawHttp.Answer page = management.get("/debug/broken");

        assertThat(action.status()).isEqualTo(500);
        assertThat(page.status()).isEqualTo(500);
        assertThat(page.body()).doesNotContain("hunter2");
        assertThat(action.body()).doesNotContain("hunter2");
    }
}
