package io.lynx.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxTest;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page to try the routes, served from the library. */
class TryOutPageTest {
    private static LynxTest.Builder test() {
        return LynxTest.of(
                        HttpServer.with(routes -> routes.get("/orders", (_, response) -> response.send("none"))),
                        new OpenApiPlugin())
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0");
    }

    @Test
    void isNotThereUnlessAskedFor() {
        try (LynxTest test = test().start()) {
            assertThat(test.get("/openapi/").status()).isEqualTo(404);
        }
    }

    @Test
    void hasScriptsFromFilesOnlyAndItsOwnDocument() {
        try (LynxTest test = test().with("lynx.openapi.ui", "true")
                .with("lynx.openapi.servers", "[https://shop.example/api]")
                .start()) {
            HttpReply page = test.get("/openapi/");

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("content-type").orElseThrow()).startsWith("text/html");
            assertThat(page.header("content-security-policy").orElseThrow())
                    .contains(
                            "script-src 'self';", "connect-src 'self' https://shop.example;", "frame-ancestors 'none'");
            assertThat(page.body()).doesNotContainPattern("<script(?![^>]* src=)");
            List<String> scripts = Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                    .matcher(page.body())
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(scripts).hasSizeGreaterThan(3).allMatch(script -> !script.contains(":"));
            for (String script : scripts) {
                assertThat(test.get("/openapi/" + script.replace("./", "")).status())
                        .as(script)
                        .isEqualTo(200);
            }
            assertThat(test.get("/openapi/swagger-initializer.js").body())
                    .contains("url: \"/openapi.json\"", "validatorUrl: 'none'")
                    .doesNotContain("petstore");
            assertThat(test.get("/openapi").response().headers().firstValue("location"))
                    .contains("./openapi/");
            assertThat(test.get("/openapi/oauth2-redirect.html").status()).isEqualTo(404);
            CheckedDocument document =
                    CheckedDocument.of(test.get("/openapi.json").body());
            assertThat(document.at("/paths").propertyNames()).containsExactly("/orders");
        }
    }
}
