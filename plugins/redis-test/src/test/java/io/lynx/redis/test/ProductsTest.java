package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test of the guide to caching. */
// snippet: caching-test
@WithRedis
@ExtendWith(LynxExtension.class)
class ProductsTest {
    private static final LynxTest lynx = LynxTest.application(
                    app -> app.plugin(HttpServer.with(http -> {})).plugin(new ProductsPlugin()))
            .with("lynx.application.name", "shop")
            .with("lynx.application.version", "1")
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .build();

    @Test
    void keepsAProduct(TestRedis redis) {
        assertThat(lynx.get("/products/7").body()).isEqualTo("{\"id\":7,\"name\":\"lamp\"}");
        assertThat(lynx.get("/products/8").status()).isEqualTo(404);
        assertThat(redis.keys()).contains("cache:products:7");
        assertThat(lynx.get("/products/7").status()).isEqualTo(200);
        assertThat(lynx.metrics().value("lynx_cache_hits_total", "cache_name", "products"))
                .isEqualTo(1);
    }
}
// end
