package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.Default;
import io.lynx.config.Key;
import io.lynx.config.Range;
import io.lynx.http.engine.binding.ParameterSource;
import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters of a request that are read as values of a type, one by one and as records. */
class BoundParametersTest {
    enum Order {
        BY_NAME,
        BY_DATE
    }

    record Search(
            long shop,
            @Default("20") @Range(min = "1", max = "100") int limit,
            @Key("order-by") @Default("by_name") Order order,
            List<Integer> tag,
            Optional<LocalDate> since,
            @Nullable Boolean open,
            @HeaderValue("X-Tenant") String tenant,
            @CookieValue("session") Optional<UUID> session) {}

    record Unbindable(Object anything) {}

    record Pause(@Range(max = "1h") @Default("30s") Duration pause) {}

    record Picky(int from, int to) {
        Picky {
            if (from > to) {
                throw new IllegalArgumentException("jdbc:secret");
            }
        }
    }

    private static void routes(Routes http) {
        http.get(
                        "/limit",
                        (request, response) -> response.send(""
                                + request.query("limit", Integer.class)
                                        .between(1, 100)
                                        .orElse(20)))
                .get(
                        "/all",
                        (request, response) -> response.send(
                                "" + request.query("id", Long.class).all()))
                .get(
                        "/items/{id}",
                        (request, response) -> response.send(
                                "" + request.path("id", Long.class).required()))
                .get(
                        "/header",
                        (request, response) -> response.send(
                                "" + request.header("X-Key", UUID.class).required()))
                .get(
                        "/cookie",
                        (request, response) -> response.send(request.cookies("a") + " " + request.cookies() + " "
                                + request.cookie("a", String.class).required()))
                .get("/shops/{shop}", (request, response) -> response.send("" + request.bind(Search.class)))
                .get("/unbindable", (request, response) -> response.send("" + request.bind(Unbindable.class)))
                .get("/pause", (request, response) -> response.send("" + request.bind(Pause.class)))
                .get("/picky", (request, response) -> response.send("" + request.bind(Picky.class)));
    }

    @ParameterizedTest
    @CsvSource({
        "/limit, 200, 20",
        "/limit?limit=1, 200, 1",
        "/limit?limit=100, 200, 100",
        "/limit?limit=0, 400, is out of range; from 1 to 100",
        "/limit?limit=-5, 400, is out of range; from 1 to 100",
        "/limit?limit=, 400, is not a whole number",
        "/limit?limit=1&limit=2, 400, occurs 2 times; once",
        "/limit?limit=99999999999, 400, is not a whole number",
        "/limit?limit=%D9%A1, 400, is not a whole number",
        "/limit?limit=1e2, 400, is not a whole number",
        "/limit?limit=0x10, 400, is not a whole number",
        "/all?id=1&id=2, 200, '[1, 2]'",
        "/all, 200, []",
        "/items/7, 200, 7",
        "/items/seven, 400, 'path id: ''seven'' is not a whole number'",
        "/header, 400, header X-Key: is missing"
    })
    void readsOneValue(String target, int status, String text) throws Exception {
        try (TestServer server = TestServer.with(BoundParametersTest::routes)) {
            HttpResponse<String> answer = server.get(target);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            assertThat(answer.body()).contains(text);
        }
    }

    @Test
    void doesNotRepeatHeadersInAnswers() throws Exception {
        try (TestServer server = TestServer.with(BoundParametersTest::routes)) {
            HttpResponse<String> answer = server.get("/header", "X-Key", "swordfish");

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("{\"field\":\"X-Key\",\"in\":\"header\",\"message\":\"is not a UUID; 36 characters\"}")
                    .doesNotContain("swordfish");
        }
    }

    @Test
    void clipsAndEscapesWhatItRepeats() throws Exception {
        try (TestServer server = TestServer.with(BoundParametersTest::routes)) {
            HttpResponse<String> answer = server.get("/limit?limit=%22%3Cscript%3E%0D%0A" + "x".repeat(1000));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(answer.body()).contains("\\\"<script>\\r\\n").hasSizeLessThan(700);
        }
    }

    @Test
    void listsNoMoreThanAHundredProblems() throws Exception {
        try (TestServer server = TestServer.with(BoundParametersTest::routes)) {
            HttpResponse<String> answer = server.get("/all?" + "id=x&".repeat(1000));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body().split("\"field\"", -1)).hasSize(101);
        }
    }

    @Test
    void readsCookies() throws Exception {
        try (TestServer server = TestServer.with(BoundParametersTest::routes)) {
            assertThat(server.get("/cookie", "Cookie", "a=1; b=\"2\"; broken; =x; a=3")
                            .body())
                    .isEqualTo("[1, 3] {a=1, b=2} 1");
        }
    }

    @Test
    void bindsARecord() throws Exception {
        try (TestServer server = TestServer.with(BoundParametersTest::routes)) {
            HttpResponse<String> answer = server.get(
                    "/shops/9?tag=1&tag=2&since=2026-11-29&order-by=BY-DATE&open=true&unknown=1",
                    "X-Tenant",
                    "acme",
                    "Cookie",
                    "session=123e4567-e89b-12d3-a456-426614174000");

            assertThat(answer.body())
                    .isEqualTo("Search[shop=9, limit=20, order=BY_DATE, tag=[1, 2], since=Optional[2026-11-29],"
                            + " open=true, tenant=acme, session=Optional[123e4567-e89b-12d3-a456-426614174000]]");
            assertThat(server.get("/shops/9", "X-Tenant", "acme").body())
                    .isEqualTo("Search[shop=9, limit=20, order=BY_NAME, tag=[], since=Optional.empty, open=null,"
                            + " tenant=acme, session=Optional.empty]");
        }
    }

    @Test
    void namesEveryParameterAtFaultAtOnce() throws Exception {
        try (TestServer server = TestServer.with(BoundParametersTest::routes)) {
            HttpResponse<String> answer = server.get(
                    "/shops/x?limit=1000&order-by=size&tag=1&tag=b&since=yesterday&open=yes",
                    "Cookie",
                    "session=s3cret");

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .contains(
                            "{\"field\":\"shop\",\"in\":\"path\"",
                            "{\"field\":\"limit\",\"in\":\"query\",\"message\":\"'1000' is out of range; from 1 to 100\"}",
                            "{\"field\":\"order-by\",\"in\":\"query\",\"message\":\"'size' is not allowed; one of"
                                    + " by-name, by-date\"}",
                            "{\"field\":\"tag\",\"in\":\"query\",\"message\":\"'b' is not a whole number",
                            "{\"field\":\"since\",\"in\":\"query\",\"message\":\"'yesterday' is not allowed; a date",
                            "{\"field\":\"open\",\"in\":\"query\"",
                            "{\"field\":\"X-Tenant\",\"in\":\"header\",\"message\":\"is missing\"}",
                            "{\"field\":\"session\",\"in\":\"cookie\"")
                    .doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/pause, 200, PT30S",
        "/pause?pause=2h, 400, '''2h'' is out of range; up to 3600s'",
        "/pause?pause=5, 400, is not a duration",
        "/picky?from=1&to=2, 200, 'from=1, to=2'",
        "/picky?from=3&to=2, 400, not acceptable together"
    })
    void checksRanges(String target, int status, String text) throws Exception {
        try (TestServer server = TestServer.with(BoundParametersTest::routes)) {
            HttpResponse<String> answer = server.get(target);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            assertThat(answer.body()).contains(text).doesNotContain("jdbc");
        }
    }

    @Test
    void aRecordThatCannotBeBoundIsAnErrorOfTheServer() throws Exception {
        try (TestServer server = TestServer.with(BoundParametersTest::routes)) {
            assertThat(server.get("/unbindable?anything=1").statusCode()).isEqualTo(500);
        }
    }

    private static <T> Parameter<T> query(String text, Class<T> type) {
        return Parameter.of(ParameterSource.QUERY, "x", List.of(text), type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "1e999", "0x1p3", "1d", "", "-", " 1", "1_000", "\u0663"})
    void refusesWhatTheJdkTakesForANumber(String text) {
        assertThatThrownBy(query(text, Double.class)::required).isInstanceOf(ValidationException.class);
        assertThatThrownBy(query(text, BigDecimal.class)::required).isInstanceOf(ValidationException.class);
        assertThatThrownBy(query(text, Long.class)::required).isInstanceOf(ValidationException.class);
        assertThatThrownBy(query(text, Float.class)::required).isInstanceOf(ValidationException.class);
        assertThatThrownBy(query(text, Short.class)::required).isInstanceOf(ValidationException.class);
        assertThatThrownBy(query(text, Byte.class)::required).isInstanceOf(ValidationException.class);
    }

    @Test
    void refusesWhatATypeCannotHold() {
        assertThatThrownBy(query("2147483648", Integer.class)::required).isInstanceOf(ValidationException.class);
        assertThatThrownBy(query("32768", Short.class)::required).isInstanceOf(ValidationException.class);
        assertThatThrownBy(query("-129", Byte.class)::required).isInstanceOf(ValidationException.class);
        assertThatThrownBy(query("1e39", Float.class)::required).isInstanceOf(ValidationException.class);
        assertThatThrownBy(query("00000000001-00-0000-0000-00000000000", UUID.class)::required)
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void refusesNumbersOfAnyLength() {
        String text = "9".repeat(100_000);

        assertThatThrownBy(query(text, BigInteger.class)::required)
                .isInstanceOf(ValidationException.class)
                .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void readsTheTypesOfTheJdk() {
        assertThat(query("1.50", BigDecimal.class).required()).isEqualByComparingTo("1.5");
        assertThat(query("-1e3", Double.class).required()).isEqualTo(-1000);
        assertThat(query("250ms", Duration.class).required()).isEqualTo(Duration.ofMillis(250));
        assertThat(query("https://a.example/", URI.class).required()).hasHost("a.example");
        assertThat(query("2026-11-29T10:15:30Z", Instant.class).required()).hasToString("2026-11-29T10:15:30Z");
        assertThat(query("-32768", Short.class).required()).isEqualTo(Short.MIN_VALUE);
        assertThat(query("127", Byte.class).required()).isEqualTo(Byte.MAX_VALUE);
        assertThat(query("0.5", Float.class).required()).isEqualTo(0.5f);
        assertThat(query("0F0E0D0C-1111-2222-3333-444444444444", UUID.class).required())
                .hasToString("0f0e0d0c-1111-2222-3333-444444444444");
        assertThat(query("BY_NAME", Order.class).required()).isEqualTo(Order.BY_NAME);
    }

    @ParameterizedTest
    @ValueSource(classes = {Object.class, Path.class, File.class, Class.class, int[].class, Thread.class})
    void doesNotReadTypesThatHaveEffects(Class<?> type) {
        assertThatThrownBy(() -> query("/etc/passwd", type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameter type: ");
    }
}
