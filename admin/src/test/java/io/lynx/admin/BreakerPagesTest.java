package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerMode;
import io.lynx.resilience.CircuitBreakerState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole application, over real sockets. */
class BreakerPagesTest {
    private final PagesFixture fixture = new PagesFixture();

    @AfterEach
    void end() {
        fixture.close();
    }

    @Test
    void showsBreakersOnBothPorts() throws Exception {
        fixture.start("lynx.admin.allow_changes=false");
        fixture.application().breakers().get("payments").forceOpen();

        for (RawHttp port : fixture.ports()) {
            assertThat(port.get("/debug/breakers").body())
                    .contains("\"name\": \"payments\"", "\"state\": \"open\"", "\"mode\": \"forced_open\"");
        }
    }

    @Test
    void changesABreakerAndLeavesAnAuditLine() throws Exception {
        fixture.start("lynx.admin.allow_changes=true");
        CircuitBreaker payments = fixture.application().breakers().get("payments");

        RawHttp.Answer opened = fixture.service().send("POST", "/debug/breakers/payments/force-open");
        assertThat(opened.status()).as(opened.body()).isEqualTo(200);
        assertThat(opened.body()).startsWith("{\n  \"name\": \"payments\",\n  \"state\": \"open\"");
        assertThat(payments.tryAcquire()).isNull();

        fixture.service().send("POST", "/debug/breakers/payments/disable");
        assertThat(payments.mode()).isEqualTo(CircuitBreakerMode.DISABLED);

        fixture.service().send("POST", "/debug/breakers/payments/metrics-only");
        assertThat(payments.mode()).isEqualTo(CircuitBreakerMode.METRICS_ONLY);

        fixture.management().send("POST", "/debug/breakers/payments/reset");
        assertThat(payments.mode()).isEqualTo(CircuitBreakerMode.AUTOMATIC);
        assertThat(payments.state()).isEqualTo(CircuitBreakerState.CLOSED);

        assertThat(fixture.auditLines())
                .containsExactly(
                        "Admin change: breaker force-open of payments done",
                        "Admin change: breaker disable of payments done",
                        "Admin change: breaker metrics-only of payments done",
                        "Admin change: breaker reset of payments done");
    }

    @Test
    void showsAndResetsTheBreakerOfARecovery() throws Exception {
        fixture.start("lynx.admin.allow_changes=true");
        CircuitBreaker database = fixture.application().recovery().breakers().get("database");
        database.forceOpen();

        assertThat(fixture.management().get("/debug/breakers").body()).contains("\"name\": \"recovery.database\"");
        RawHttp.Answer reset = fixture.management().send("POST", "/debug/breakers/recovery.database/reset");

        assertThat(reset.status()).as(reset.body()).isEqualTo(200);
        assertThat(reset.body()).startsWith("{\n  \"name\": \"recovery.database\",\n  \"state\": \"closed\"");
        assertThat(database.mode()).isEqualTo(CircuitBreakerMode.AUTOMATIC);
        assertThat(fixture.auditLines()).containsExactly("Admin change: breaker reset of recovery.database done");
    }

    @Test
    void findsABreakerWhoseNameIsNotAPathSegment() throws Exception {
        fixture.start("lynx.admin.allow_changes=true");
        CircuitBreaker orders = fixture.application().breakers().get("GET /orders/{id}");

        RawHttp.Answer answer =
                fixture.management().send("POST", "/debug/breakers/GET%20%2Forders%2F%7Bid%7D/force-open");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(orders.mode()).isEqualTo(CircuitBreakerMode.FORCED_OPEN);
    }

    @ParameterizedTest
    @CsvSource({
        "true,  POST,   /debug/breakers/payments/force-open, , 200",
        "false, POST,   /debug/breakers/payments/force-open, , 403",
        "true,  POST,   /debug/breakers/payments/force-open, Origin: http://evil.example, 403",
        "true,  POST,   /debug/breakers/payments/force-open, Sec-Fetch-Site: cross-site, 403",
        "true,  POST,   /debug/breakers/payments/force-open, Host: evil.example, 404",
        "true,  GET,    /debug/breakers/payments/force-open, , 405",
        "true,  POST,   /debug/breakers/nobody/force-open,   , 404",
        "true,  POST,   /debug/breakers/recovery.nobody/reset, , 404",
        "true,  POST,   /debug/breakers/payments/explode,    , 404",
        "true,  POST,   /debug/breakers/payments,            , 404",
        "true,  GET,    /debug/breakers/payments,            , 404",
        "true,  POST,   /debug/breakers,                     , 405",
        "true,  DELETE, /debug/breakers,                     , 405"
    })
    void changesNothingForUntrustedCallers(boolean allowed, String method, String path, String header, int status)
            throws Exception {
        fixture.start("lynx.admin.allow_changes=" + allowed);
        CircuitBreaker payments = fixture.application().breakers().get("payments");

        RawHttp.Answer answer = header == null
                ? fixture.management().send(method, path)
                : fixture.management().send(method, path, header);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(payments.mode())
                .isEqualTo(status == 200 ? CircuitBreakerMode.FORCED_OPEN : CircuitBreakerMode.AUTOMATIC);
        assertThat(fixture.auditLines()).hasSize(status == 200 ? 1 : 0);
        assertThat(fixture.application().breakers().find("nobody")).isEmpty();
    }
}
