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

/** The live page of the orders example, in a real browser. */
@Timeout(600)
class LivePageTest {
    private static final Path PICTURES = Path.of("target", "live");

    private static Launch orders() {
        return Launch.of(Main.class)
                .withoutClassPath("/examples/minimal/")
                .variable("LYNX_LOG_FORMAT", "json")
                .arguments(Services.anyPorts());
    }

    private static void open(BrowserPage page, ServiceProcess service) throws InterruptedException {
        page.open("http://127.0.0.1:" + Services.awaitHttp(service).getPort() + "/live/");
        page.awaitElement("#state[data-state=live]");
    }

    private static void awaitConfirmed(BrowserPage page) {
        page.await("the order is shown as confirmed", "document.querySelector('#orders .confirmed') !== null");
    }

    @Test
    void showsAnOrderThatIsPlaced() throws Exception {
        try (ServiceProcess service = orders().start();
                Browser browser = Browser.start();
                BrowserPage page = browser.page()) {
            open(page, service);

            page.click("#place button");

            awaitConfirmed(page);
            assertThat(page.evaluate("document.getElementById('ask').checkVisibility()")
                            .asBoolean())
                    .isFalse();
            assertThat(page.errors()).isEmpty();
        }
    }

    @Test
    void asksForATokenIfTheServiceDoes() throws Exception {
        try (ServiceProcess service =
                        orders().arguments("--profile", "dev").onTerminal().start();
                Browser browser = Browser.start();
                BrowserPage page = browser.page()) {
            open(page, service);

            page.click("#place button");
            page.await("the token is asked for", "document.getElementById('ask').checkVisibility()");
            assertThat(page.text("#problem")).isEqualTo("authentication is required");
            page.type("#token", PrintedTokens.of(service, "ada"));
            page.click("#place button");

            awaitConfirmed(page);
            page.draw(PICTURES.resolve("with-token.png"));
            // The console shows the answer 401, and nothing else.
            assertThat(page.errors()).singleElement().asString().contains("401");
        }
    }
}
