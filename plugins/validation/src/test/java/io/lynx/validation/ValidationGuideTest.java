package io.lynx.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxTest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Positive;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the guide's section on validation. */
class ValidationGuideTest {
    // snippet: validation-records
    record NewLine(@NotBlank String item, @Positive int quantity) {}

    record NewOrder(@NotBlank String customer, @NotEmpty List<@Valid NewLine> lines) {}
    // end

    @Test
    void anOrder() {
        HttpServer server = HttpServer.with(http -> http.post(
                "/orders",
                (request, response) ->
                        response.json(request.json(NewOrder.class).customer())));
        try (LynxTest test = LynxTest.of(server, new ValidationPlugin(library -> library.contains("hibernate")))
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0")
                .start()) {
            HttpReply reply = test.post("/orders", "{\"customer\":\"\",\"lines\":[{\"item\":\"tea\",\"quantity\":0}]}");

            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.body())
                    .contains("\"errors\":[{\"field\":\"customer\",\"message\":\"must not be blank\"},"
                            + "{\"field\":\"lines[0].quantity\",\"message\":\"must be greater than 0\"}]");
        }
    }
}
