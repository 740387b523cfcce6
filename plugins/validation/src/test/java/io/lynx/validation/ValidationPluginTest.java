package io.lynx.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.lynx.http.HeaderValue;
import io.lynx.http.HttpServer;
import io.lynx.http.TypedHandler;
import io.lynx.json.TypeOf;
import io.lynx.plugin.Plugin;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxTest;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What handlers read is checked by the annotations of Jakarta Validation before they receive it. */
class ValidationPluginTest {
    record Line(
            @NotBlank String item,
            @Positive @JsonProperty("qty") int quantity) {}

    record Order(
            @Size(min = 1) List<@Valid Line> lines,
            Map<String, @Valid Line> byName,
            List<@Size(min = 2) String> tags) {}

    record Page(
            @Min(1) @Max(100) int limit,
            @HeaderValue("X-Tenant") @Size(min = 3) String tenant) {}

    /** Puts what a client sent into a message that looks like an expression. */
    @Constraint(validatedBy = EchoValidator.class)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Echo {
        String message() default "";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    public static final class EchoValidator implements ConstraintValidator<Echo, String> {
        @Override
        public boolean isValid(String value, ConstraintValidatorContext context) {
            if (value.equals("throw")) {
                throw new IllegalStateException("no words");
            }
            context.disableDefaultConstraintViolation();
            ConstraintValidatorContext _ = context.buildConstraintViolationWithTemplate("is '" + value + "'")
                    .addConstraintViolation();
            return false;
        }
    }

    record Echoed(@Echo String text) {}

    private static LynxTest start(Plugin validation) {
        return LynxTest.of(
                        HttpServer.with(http -> http.post(
                                        "/orders",
                                        (request, response) -> response.json(request.json(Order.class)
                                                .lines()
                                                .size()))
                                .post(
                                        "/lines",
                                        (request, response) -> response.json(request.json(new TypeOf<List<Line>>() {})
                                                .size()))
                                .post(
                                        "/nested",
                                        (request, response) ->
                                                response.json(request.json(new TypeOf<Map<String, List<Line>>>() {})
                                                        .size()))
                                .post("/array", (request, response) -> response.json(request.json(Line[].class).length))
                                .post("/echo", (request, response) -> response.json(request.json(Echoed.class)))
                                .get(
                                        "/shops/{tenant}",
                                        TypedHandler.bind(Page.class)
                                                .answers(Integer.class)
                                                .by((page, _, _) -> page.limit()))),
                        validation)
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0")
                .start();
    }

    /** Tests have both libraries. */
    private static LynxTest start() {
        return start(new ValidationPlugin(library -> library.contains("hibernate")));
    }

    @Test
    void allProblemsOfABodyAreAnsweredWithTheirPlacesInJson() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try (LynxTest test = start()) {
            HttpReply reply = test.post(
                    "/orders",
                    "{\"lines\":[{\"item\":\"tea\",\"qty\":1},{\"item\":\" \",\"qty\":0}],"
                            + "\"byName\":{\"first\":{\"item\":\"x\",\"qty\":-1}},\"tags\":[\"ab\",\"c\"]}");

            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.body())
                    .contains("{\"field\":\"lines[1].item\",\"message\":\"must not be blank\"}")
                    .contains("{\"field\":\"lines[1].qty\",\"message\":\"must be greater than 0\"}")
                    .contains("{\"field\":\"byName.first.qty\",\"message\":\"must be greater than 0\"}")
                    .contains("{\"field\":\"tags[1]\",\"message\":\"size must be between 2 and 2147483647\"}");
            assertThat(test.post("/orders", "{\"lines\":[{\"item\":\"tea\",\"qty\":1}]}")
                            .body())
                    .isEqualTo("1");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void elementsOfAListAreCheckedAndNoMoreThanAHundredProblemsListed() {
        try (LynxTest test = start()) {
            HttpReply reply = test.post("/lines", "[{\"item\":\"tea\",\"qty\":1},{\"item\":\"tea\",\"qty\":0}]");
            List<Line> many = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                many.add(new Line("", -1));
            }
            HttpReply flood = test.post("/lines", many);

            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.body()).contains("{\"field\":\"[1].qty\",");
            assertThat(flood.status()).isEqualTo(422);
            assertThat(flood.body().split("\"field\":", -1)).hasSize(101);
        }
    }

    @Test
    void elementsOfArraysAndNestedCollectionsAreCheckedToo() {
        try (LynxTest test = start()) {
            String bad = "[null,{\"item\":\"tea\",\"qty\":0}]";
            String key = "k".repeat(40_000);

            assertThat(test.post("/array", bad).body()).contains("{\"field\":\"[1].qty\",");
            assertThat(test.post("/nested", "{\"a\":" + bad + "}").body()).contains("{\"field\":\"a[1].qty\",");
            HttpReply reply = test.post("/nested", "{\"" + key + "\":" + bad + "}");
            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.body()).hasSizeLessThan(1000);
            HttpReply inside = test.post("/orders", "{\"byName\":{\"" + key + "\":{\"item\":\"x\",\"qty\":-1}}}");
            assertThat(inside.status()).isEqualTo(422);
            assertThat(inside.body()).hasSizeLessThan(1000);
        }
    }

    @Test
    void problemsOfParametersHaveTheirNamesAndAreA400() {
        try (LynxTest test = start()) {
            HttpReply reply = test.get("/shops/ab?limit=200");

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.body()).contains("\"field\":\"X-Tenant\"");
        }
    }

    @Test
    void messagesAreNotEvaluated() {
        try (LynxTest test = start()) {
            assertThat(test.post("/echo", Map.of("text", "${1+1} {missing} ${validatedValue}"))
                            .body())
                    .contains("is '${1+1} {missing} ${validatedValue}'");
        }
    }

    @Test
    void aConstraintThatThrowsIsAFaultOfTheService() {
        try (LynxTest test = start()) {
            HttpReply reply = test.post("/echo", Map.of("text", "throw"));

            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.body()).doesNotContain("no words");
            test.errors().clear();
        }
    }

    @Test
    void withoutExactlyOneLibraryTheStartFails() {
        for (Map.Entry<Function<String, Boolean>, String> each : Map.<Function<String, Boolean>, String>of(
                        _ -> false, "no library is on the class path; add", _ -> true, "remove one of them")
                .entrySet()) {
            assertThatThrownBy(() -> start(new ValidationPlugin(each.getKey())))
                    .rootCause()
                    .hasMessageContaining(each.getValue());
        }
    }
}
