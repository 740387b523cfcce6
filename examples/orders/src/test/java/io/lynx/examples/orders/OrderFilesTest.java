package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Imports and exports orders as a client does. */
@ExtendWith(LynxExtension.class)
class OrderFilesTest {
    private static final String LINE = "ada,lamp,2,9.90\n";
    private static final String HEADER = "customer,product,quantity,unit_price\n";

    private final LynxTest lynx = LynxTest.application(app -> Main.plugins(app, HttpServer.with(http -> {})))
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .with("lynx.jdbc.orders.url", MemoryDatabase.newUrl())
            .build();

    private HttpResponse<String> upload(String field, String csv) throws IOException, InterruptedException {
        String body = "--boundary\r\nContent-Disposition: form-data; name=\"" + field
                + "\"; filename=\"orders.csv\"\r\nContent-Type: text/csv\r\n\r\n" + csv + "\r\n--boundary--\r\n";
        HttpRequest request = HttpRequest.newBuilder(lynx.url().resolve("/orders/import"))
                .header("Content-Type", "multipart/form-data; boundary=boundary")
                .POST(BodyPublishers.ofString(body))
                .build();
        return lynx.http().send(request, BodyHandlers.ofString());
    }

    @Test
    void importsAndExports() throws Exception {
        HttpResponse<String> imported = upload("orders", HEADER + LINE.repeat(1_000));

        assertThat(imported.statusCode()).isEqualTo(201);
        assertThat(imported.body()).isEqualTo("{\"placed\":1000}");
        HttpResponse<String> exported = lynx.http()
                .send(
                        HttpRequest.newBuilder(lynx.url().resolve("/orders/export"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(exported.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"orders.csv\"");
        assertThat(exported.body().lines()).hasSize(1_001).first().asString().startsWith("id,customer");
        assertThat(exported.body().lines().skip(1_000))
                .singleElement()
                .asString()
                .startsWith("1000,ada,lamp,2,");
    }

    @Test
    void importsAllOrdersOrNone() throws Exception {
        HttpResponse<String> refused = upload("orders", HEADER + LINE + "ada,lamp,0,9.90\n");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("\"field\":\"line 3: quantity\"");
        assertThat(lynx.get("/orders").body()).isEqualTo("{\"orders\":[],\"next\":null}");
    }

    @Test
    void saysWhatAFormNeeds() throws Exception {
        assertThat(upload("file", HEADER).body()).contains("the form has no file 'orders'");
        assertThat(lynx.post("/orders/import", "{}").status()).isEqualTo(415);
    }

    @Test
    void answers503WithoutTheDatabase() throws Exception {
        lynx.put("/faults/database", "down");

        assertThat(upload("orders", HEADER + LINE).statusCode()).isEqualTo(503);
        assertThat(lynx.get("/orders/export").status()).isEqualTo(503);
    }

    @Test
    void listsTheLatestFirst() throws Exception {
        upload("orders", HEADER + LINE.repeat(5));

        assertThat(lynx.get("/orders?latest=true&limit=2").body())
                .containsSubsequence("\"id\":5", "\"id\":4")
                .doesNotContain("\"id\":3");
    }
}
