package io.lynx.systemtest.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.examples.orders.Main;
import io.lynx.systemtest.Services;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The orders example with tokens of Keycloak, whose keys change and which is away for a while. Part of the long form only. */
@EnabledIfSystemProperty(named = "system-tests", matches = "full")
@Timeout(3600)
class KeycloakTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String LAMPS = "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":2,\"unitPrice\":9.90}";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    @TempDir
    private Path folder;

    private String url = "";

    @AfterEach
    void closes() {
        client.shutdownNow();
    }

    private static Launch orders(String issuer) {
        return Launch.of(Main.class)
                .withoutClassPath("/examples/minimal/")
                .arguments(Services.anyPorts())
                .arguments(
                        "--orders.access.require_roles=true",
                        "--lynx.security.default=anonymous",
                        "--lynx.security.issuers.shop.issuer=" + issuer,
                        "--lynx.security.issuers.shop.audiences=orders",
                        "--lynx.security.issuers.shop.name_claim=preferred_username",
                        "--lynx.security.issuers.shop.roles_claims=realm_access.roles",
                        "--lynx.security.issuers.shop.refresh=5s",
                        "--lynx.security.issuers.shop.min_refresh=1s",
                        "--lynx.security.issuers.shop.timeout=30s");
    }

    private int send(String method, String path, String body, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    private int place(String token) throws IOException, InterruptedException {
        return send("POST", "/orders", LAMPS, token);
    }

    private void awaitStatus(String token, int status) {
        Await.until("placing an order is answered with " + status, PATIENCE, PAUSE, () -> place(token) == status);
    }

    @Test
    void tokensAreJudgedRightWhileKeysChangeAndKeycloakIsAway() throws Exception {
        try (Keycloak keycloak = Keycloak.prepare(folder)) {
            keycloak.start();
            try (ServiceProcess service = orders(keycloak.issuer()).start()) {
                url = "http://127.0.0.1:" + Services.awaitHttp(service).getPort();
                String till = keycloak.token("till");
                rolesDecide(keycloak, till);

                keycloak.addKey();
                String later = keycloak.token("till");
                awaitStatus(later, 201);
                assertThat(place(till)).isEqualTo(201);
                keycloak.removeFirstKey();
                awaitStatus(till, 401);
                assertThat(place(later)).isEqualTo(201);

                keycloak.stop();
                assertThat(place(later)).isEqualTo(201);
                assertThat(place("")).isEqualTo(401);
                // Its key is not known any more; whether it is valid cannot be said while Keycloak is away.
                awaitStatus(till, 503);

                keycloak.start();
                assertThat(place(later)).isEqualTo(201);
                awaitStatus(till, 401);
                awaitStatus(keycloak.token("till"), 201);
            }
        }
    }

    private void rolesDecide(Keycloak keycloak, String till) throws Exception {
        String office = keycloak.token("office");
        assertThat(place("")).isEqualTo(401);
        assertThat(place(till)).isEqualTo(201);
        assertThat(place(office)).isEqualTo(201);
        assertThat(send("PUT", "/faults/database", "up", till)).isEqualTo(403);
        assertThat(send("PUT", "/faults/database", "up", office)).isEqualTo(200);
        // It has the role, and is meant for another service.
        assertThat(place(keycloak.token("elsewhere"))).isEqualTo(401);
    }
}
