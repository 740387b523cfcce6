package io.lynx.systemtest.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.examples.orders.Main;
import io.lynx.systemtest.Services;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.Output;
import io.lynx.systemtest.process.ServiceProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens for development appear on a terminal, and nowhere else. */
@Timeout(600)
class TerminalTokensTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String LAMPS = "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":2,\"unitPrice\":9.90}";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    @AfterEach
    void closes() {
        client.shutdownNow();
    }

    private static Launch orders(String profiles) {
        return Launch.of(Main.class)
                .withoutClassPath("/examples/minimal/")
                .variable("LYNX_LOG_FORMAT", "json")
                .arguments(Services.anyPorts())
                .arguments("--profile", profiles);
    }

    private int send(String method, String url, String body, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    @Test
    void aDeveloperUsesTheTokensOfTheTerminal() throws Exception {
        try (ServiceProcess service = orders("dev").onTerminal().start()) {
            String url = "http://127.0.0.1:" + Services.awaitHttp(service).getPort();
            String ada = PrintedTokens.of(service, "ada");
            String grace = PrintedTokens.of(service, "grace");

            assertThat(send("POST", url + "/orders", LAMPS, "")).isEqualTo(401);
            assertThat(send("POST", url + "/orders", LAMPS, ada)).isEqualTo(201);
            assertThat(send("PUT", url + "/faults/database", "slow", ada)).isEqualTo(403);
            assertThat(send("PUT", url + "/faults/database", "up", grace)).isEqualTo(200);
            assertThat(send("GET", url + "/orders", "", "")).isEqualTo(200);

            assertThat(service.output().lines())
                    .extracting(Output.Line::text)
                    .filteredOn(line -> line.contains(PrintedTokens.BEGINNING))
                    .containsExactly("  " + ada, "  " + grace);
        }
    }

    @Test
    void aPipeGetsNoTokens() throws Exception {
        assertRefuses(orders("dev"), "since standard input and output are not a terminal");
    }

    @Test
    void aProfileThatIsNotForDevelopmentGetsNoTokens() throws Exception {
        assertRefuses(
                orders("dev,production")
                        .file("config-production.yml", "lynx: {}\n")
                        .onTerminal(),
                "since the profile 'production' is active");
    }

    /** The service has no other way to identify callers, so it does not start. */
    private static void assertRefuses(Launch launch, String reason) throws Exception {
        try (ServiceProcess service = launch.start()) {
            assertThat(service.awaitExit().code()).isNotZero();
            assertThat(service.output().text())
                    .contains("nothing is configured by which a caller could be identified", reason)
                    .doesNotContain(PrintedTokens.BEGINNING);
        }
    }
}
