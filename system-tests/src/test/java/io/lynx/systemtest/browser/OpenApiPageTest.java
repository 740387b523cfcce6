package io.lynx.systemtest.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.examples.orders.Main;
import io.lynx.systemtest.Services;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.security.PrintedTokens;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page to try the routes of the orders example, in a real browser and under strict security headers. */
@Timeout(600)
class OpenApiPageTest {
    private static final Path PICTURES = Path.of("target", "openapi");
    private static final String LIST = "#operations-orders-getOrders";
    private static final String PLACE = "#operations-orders-postOrders";
    private static final String LAMPS =
            "{\"customer\": \"ada\", \"product\": \"lamp\", \"quantity\": 2, \"unitPrice\": 9.90}";

    private static Launch orders() {
        return Launch.of(Main.class)
                .withoutClassPath("/examples/minimal/")
                .variable("LYNX_LOG_FORMAT", "json")
                .arguments(Services.anyPorts())
                .arguments(
                        "--lynx.http.security_headers.enabled=true",
                        "--lynx.http.security_headers.content_security_policy=default-src 'none'");
    }

    private static String url(ServiceProcess service) throws InterruptedException {
        return "http://127.0.0.1:" + Services.awaitHttp(service).getPort();
    }

    /** Sends the request of an operation whose form is open; returns the status that the page shows. */
    private static String execute(BrowserPage page, String operation) throws InterruptedException {
        String status = operation + " .live-responses-table tbody .response-col_status";
        page.click(operation + " .execute");
        page.awaitElement(status);
        return page.text(status).strip();
    }

    private static void tryOut(BrowserPage page, String operation) throws InterruptedException {
        page.click(operation + " .opblock-summary-control");
        page.click(operation + " .try-out__btn");
    }

    /** No error in the console, and no request but those to the service. */
    private static void assertSound(BrowserPage page, String url) {
        assertThat(page.errors()).isEmpty();
        assertThat(page.requests()).isNotEmpty().allSatisfy(request -> assertThat(request.url())
                .matches(sent -> sent.startsWith(url) || sent.startsWith("data:")));
    }

    @Test
    void aRouteIsTried() throws Exception {
        try (ServiceProcess service = orders().start();
                Browser browser = Browser.start();
                BrowserPage page = browser.page()) {
            String url = url(service);

            page.open(url + "/openapi/");
            page.awaitElement(LIST);
            page.draw(PICTURES.resolve("page.png"));
            tryOut(page, LIST);

            assertThat(execute(page, LIST)).startsWith("200");
            page.await(
                    "the answer is shown",
                    "document.querySelector('" + LIST + " .live-responses-table').innerText"
                            + ".includes('\"orders\": []')");
            assertSound(page, url);
        }
    }

    @Test
    void aRouteIsTriedWithABearerToken() throws Exception {
        try (ServiceProcess service = orders().arguments(
                                "--profile",
                                "dev",
                                "--lynx.security.default=authenticated",
                                "--lynx.openapi.anonymous=true")
                        .onTerminal()
                        .start();
                Browser browser = Browser.start();
                BrowserPage page = browser.page()) {
            String url = url(service);
            String token = PrintedTokens.of(service, "ada");

            page.open(url + "/openapi/");
            page.click(".auth-wrapper .authorize");
            page.type(".auth-container input", token);
            page.click(".auth-container .authorize");
            page.awaitElement(".auth-container .btn-done");
            page.click(".auth-container .btn-done");
            tryOut(page, LIST);

            assertThat(execute(page, LIST)).startsWith("200");
            assertThat(page.requests())
                    .filteredOn(request -> request.url().equals(url + "/orders?limit=20&after=0&latest=false"))
                    .singleElement()
                    .satisfies(request -> assertThat(
                                    request.headers().path("Authorization").asText())
                            .isEqualTo("Bearer " + token));

            tryOut(page, PLACE);
            page.type(PLACE + " .body-param__text", LAMPS);
            assertThat(execute(page, PLACE)).startsWith("201");
            page.draw(PICTURES.resolve("with-token.png"));
            assertSound(page, url);
        }
    }
}
