package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AuthFailureTest {
    @AutoClose
    private final PagesFixture fixture = new PagesFixture();

    private Map<String, Long> failures() {
        Map<String, Long> counts = new TreeMap<>();
        fixture.application()
                .metrics()
                .snapshot()
                .series()
                .getOrDefault("lynx_auth_failures_total", List.of())
                .forEach(series -> counts.put(
                        series.labels().get("auth_type") + " " + series.labels().get("reason"), (long) series.value()));
        return counts;
    }

    @Test
    void isCountedByItsReason() throws Exception {
        fixture.start("lynx.admin.token=correct-horse-battery", "lynx.admin.allow_changes=true");
        assertThat(failures()).hasSize(Caller.reasons().size()).values().containsOnly(0L);

        fixture.service().get("/debug/info", "Host: evil.example");
        fixture.management().get("/debug/nothing", "Host: evil.example");
        fixture.service().get("/debug/info", "X-Forwarded-For: 203.0.113.9", "Authorization: Bearer wrong");
        fixture.service().send("POST", "/debug/shutdown", "Origin: http://evil.example");
        fixture.service().get("/debug/info");
        fixture.service().get("/debug/info", "Via: x", "Authorization: Bearer correct-horse-battery");
        fixture.service().get("/health", "Host: evil.example");

        assertThat(failures())
                .containsEntry("admin foreign_host", 2L)
                .containsEntry("admin wrong_token", 1L)
                .containsEntry("admin foreign_page", 1L)
                .containsEntry("admin forwarded", 0L)
                .containsEntry("admin remote_address", 0L);
    }

    @Test
    void belongsToTheServiceWhileTheManagementPortIsNotMeasured() throws Exception {
        fixture.start();

        fixture.management().get("/health");
        fixture.service().get("/debug/info", "Host: evil.example");

        // Recorded when the answer is written, which its reader may see a moment earlier.
        Map<String, String> labels =
                Map.of("method", "GET", "path", "/debug/info", "status_code", "404", "protocol", "http");
        Await.until("the request is counted", () -> fixture.application()
                .metrics()
                .snapshot()
                .find("lynx_requests_total", labels)
                .isPresent());
        assertThat(fixture.application().metrics().snapshot().series().getOrDefault("lynx_requests_total", List.of()))
                .hasSize(1);
    }
}
