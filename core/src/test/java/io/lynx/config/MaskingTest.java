package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "db_password",
                "DB-PASSWORD",
                "dbPassword",
                "PASSWORD2",
                "passwordOld",
                "passwd",
                "db_pass",
                "dbPass",
                "dbpass",
                "passphrase",
                "pwd",
                "token",
                "deploy.token",
                "accessToken",
                "access_token",
                "X-Auth-Token",
                "x-amz-security-token",
                "tokens",
                "csrfToken",
                "secret",
                "clientSecret",
                "client_secret",
                "clientsecret",
                "secret_key",
                "secretKey",
                "SECRET_KEY_BASE",
                "signing_key",
                "signingKey",
                "apiKey",
                "api_key",
                "api-key",
                "apikey",
                "API_KEY",
                "X-Api-Key",
                "APIKey",
                "private_key",
                "privateKey",
                "access_key",
                "encryptionKey",
                "secretAccessKey",
                "credentials",
                "credential",
                "Authorization",
                "proxy-authorization",
                "Cookie",
                "Set-Cookie",
                "auth",
                "session_id",
                "sessionId",
                "JSESSIONID",
                "lynx.jdbc.orders.password",
                "javax.net.ssl.keyStorePassword",
                "password.0",
                "token.value",
                "LYNX_ADMIN_TOKEN"
            })
    void namesThatTell(String name) {
        assertThat(Masking.isSecretName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name",
                "key",
                "primary_key",
                "publicKey",
                "max_tokens",
                "token_count",
                "passwords_file",
                "password_file",
                "tokenTtl",
                "token_endpoint",
                "access_key_id",
                "credentials_provider",
                "secret_name",
                "passed",
                "bypass",
                "passenger",
                "compass",
                "secretary",
                "tokenizer",
                "author",
                "authors",
                "keyboard",
                "monkey",
                "keys",
                "session",
                "cookie_domain",
                "lynx.breakers.token.threshold",
                "lynx.http.tls.key",
                "com.acme.TokenException",
                "TokenFilter.java",
                "partition.key",
                "idempotency-key",
                "routing_key",
                "host_key"
            })
    void namesThatDoNot(String name) {
        assertThat(Masking.isSecretName(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "postgres://me:hunter2@host:5432/db | postgres://me:***@host:5432/db",
                "postgres://u:p@ss@h/db | postgres://u:***@h/db",
                "jdbc:postgresql://u:p@ss@h1:5432,h2:5433/db?ssl=true |"
                        + " jdbc:postgresql://u:***@h1:5432,h2:5433/db?ssl=true",
                "mongodb://u:hunter2@h1:1,h2:2,h3:3/db | mongodb://u:***@h1:1,h2:2,h3:3/db",
                "jdbc:mysql://a:hunter2@h1:3306,b:hunter3@h2:3306/db | jdbc:mysql://a:***@h2:3306/db",
                "amqp://u:hunter2@h1,amqp://u:hunter3@h2 | amqp://u:***@h1,amqp://u:***@h2",
                "redis://:hunter2@cache:6379/0 | redis://:***@cache:6379/0",
                "nats://hunter2@nats:4222 | nats://***@nats:4222",
                "https://ghp_16C7e42F292c6912E7710c838347Ae178B4a:x@github.com/a | https://***@github.com/a",
                "https://abc:x-oauth-basic@github.com/a | https://***@github.com/a",
                "https://u:p%40ss@h/ | https://u:***@h/",
                "postgres://u:p/ss@h/db | postgres://u:***@h/db",
                "redis://u:p#ss@h | redis://u:***@h",
                "redis://u:p?ss@h | redis://u:***@h",
                "u:p@ss@h | u:***@h",
                "u:hunter2@tcp(db:3306)/orders | u:***@tcp(db:3306)/orders",
                "jdbc:oracle:thin:scott/hunter2@//h:1521/orders | jdbc:oracle:thin:scott/***@//h:1521/orders",
                "jdbc:oracle:thin:@//h:1521/orders | jdbc:oracle:thin:@//h:1521/orders",
                "jdbc:mysql://root:a@db/orders?password=hunter2&ssl=true |"
                        + " jdbc:mysql://root:***@db/orders?password=***&ssl=true",
                "jdbc:postgresql://db/orders?user=a&password=hunter2 | jdbc:postgresql://db/orders?user=a&password=***",
                "jdbc:postgresql://db/orders?user=a&password=hun;ter=2&ssl=true |"
                        + " jdbc:postgresql://db/orders?user=a&password=***&ssl=true",
                "jdbc:sqlserver://db;user=a;password=hunter2;encrypt=true |"
                        + " jdbc:sqlserver://db;user=a;password=***;encrypt=true",
                "jdbc:sqlserver://db;password={hun;ter2};encrypt=true | jdbc:sqlserver://db;password=***;encrypt=true",
                "jdbc:sqlserver://db;password=hunter 2;encrypt=true | jdbc:sqlserver://db;password=***;encrypt=true",
                "jdbc:h2:mem:orders;PASSWORD=hunter2;USER=sa | jdbc:h2:mem:orders;PASSWORD=***;USER=sa",
                "cannot reach http://h:1/a?token=hunter2: refused | cannot reach http://h:1/a?token=***: refused",
                "https://h/cb?access_token=hunter2&state=1#top | https://h/cb?access_token=***&state=1#top",
                "https://h/b?sv=1&sig=hunter2%3D&se=2 | https://h/b?sv=1&sig=***&se=2",
                "https://h/x?key=hunter2 | https://h/x?key=***",
                "https://h/x?next=%2Fy%3Ftoken%3Dhunter2%26a%3D1 | https://h/x?next=%2Fy%3Ftoken%3D***%26a%3D1",
            })
    void urls(String text, String masked) {
        assertMasks(text, masked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Authorization: Bearer hunter2hunter2 | Authorization: Bearer ***",
                "Authorization: Basic YTpodW50ZXIy | Authorization: Basic ***",
                "authorization: hunter2 | authorization: ***",
                "Authorization: Custom hunter2 hunter3 | Authorization: ***",
                "Authorization: Digest username=\"a\", nonce=\"hunter2\", response=\"hunter3\" | Authorization: ***",
                "Proxy-Authorization: NTLM hunter2== | Proxy-Authorization: NTLM ***",
                "Authorization: AWS4-HMAC-SHA256 Credential=hunter2/2026/x, Signature=hunter3 | Authorization: ***",
                "Cookie: a=hunter2; b=hunter3 | Cookie: ***",
                "Set-Cookie: sid=hunter2; Path=/; HttpOnly | Set-Cookie: ***",
                "{Authorization=[Bearer hunter2hunter2], Accept=[*/*]} | {Authorization=***, Accept=[*/*]}",
                "X-Api-Key: hunter2 | X-Api-Key: ***",
                "sent Bearer hunter2hunter2 to h | sent Bearer *** to h",
                "sent Basic YTpodW50ZXIy to h | sent Basic *** to h",
                "sent Digest username=\"a\", response=\"hunter2\" | sent Digest ***",
            })
    void headers(String text, String masked) {
        assertMasks(text, masked);
    }

    @Test
    void headerEndsWithItsLine() {
        assertMasks("Cookie: a=hunter2; b=c\r\nAccept: x\r\n", "Cookie: ***\r\nAccept: x\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "password=hunter2 | password=***",
                "password = hunter2, user = a | password = ***, user = a",
                "password: hunter2 for a | password: *** for a",
                "password=hun,ter2, user=a | password=***, user=a",
                "password=hunter2,user=a | password=***,user=a",
                "Login[user=a, password=hunter2] | Login[user=a, password=***]",
                "{password=hun}ter2, user=a} | {password=***, user=a}",
                "(password=hunter2)(port=1) | (password=***)(port=1)",
                "db_pass='hunter 2' user=a | db_pass='***' user=a",
                "token => hunter2. | token => ***",
                "tokens: [hunter2, \"hun]ter3\"], a: b | tokens: ***, a: b",
                "tokens[0]=hunter2 | tokens[0]=***",
                "--lynx.admin.token=hunter2 | --lynx.admin.token=***",
                "LYNX_ADMIN_TOKEN=hunter2 | LYNX_ADMIN_TOKEN=***",
                "-Djavax.net.ssl.keyStorePassword=hunter2 | -Djavax.net.ssl.keyStorePassword=***",
                "{\"password\":\"hunter2\",\"a\":1} | {\"password\":\"***\",\"a\":1}",
                "{\"password\" : \"hun\\\"ter2\", \"a\":1} | {\"password\" : \"***\", \"a\":1}",
                "{\"password\":\"hunter2\\\\\",\"a\":1} | {\"password\":\"***\",\"a\":1}",
                "{\"clientSecret\":1234,\"a\":1} | {\"clientSecret\":***,\"a\":1}",
                "{\"apiKeys\":[\"hunter2\",\"h\"],\"a\":1} | {\"apiKeys\":***,\"a\":1}",
                "{\"credentials\":{\"user\":\"a\",\"x\":\"hunter2\"},\"a\":1} | {\"credentials\":***,\"a\":1}",
                "\"{\\\"secret_key\\\":\\\"hun\\\\\\\"ter2\\\",\\\"a\\\":1}\" |"
                        + " \"{\\\"secret_key\\\":\\\"***\\\",\\\"a\\\":1}\"",
                "{'accessToken': 'hunter2', 'a': 1} | {'accessToken': '***', 'a': 1}",
                "{\"url\":\"http://h/?token=hunter2\",\"a\":1} | {\"url\":\"http://h/?token=***\",\"a\":1}",
                "{\"password\":\"hunter2 | {\"password\":\"***",
            })
    void namesWithValues(String text, String masked) {
        assertMasks(text, masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain text",
                "lynx.admin.token: unknown (config.yml:5); did you mean 'tokens'?",
                "lynx.admin.token: the value is not allowed (config.yml:5); text",
                "lynx.admin.token: missing; set it in config.yml, by LYNX_ADMIN_TOKEN or by --lynx.admin.token=",
                "password: null",
                "password=",
                "{\"password\":\"\"}",
                "Token: expired.",
                "http://localhost:8080/a@b",
                "http://[::1]:8080/a@b?x=y",
                "https://example.com/authors?name=a&max_tokens=5",
                "mailto:joe@example.com",
                "at com.acme.TokenFilter.doFilter(TokenFilter.java:42)",
                "com.acme.TokenException: refused",
                "basic authentication is required",
                "a bearer of something",
                "bearer authentication failed",
                "tokens per second: 5, keys: 7",
                "10:15:00 a=b c:d",
            })
    void leavesTheRest(String text) {
        assertThat(Masking.mask(text)).isSameAs(text);
    }

    @Test
    void masksAValueByItsName() {
        assertThat(Masking.mask("apiKey", "hunter2")).isEqualTo("***");
        assertThat(Masking.mask("apiKey", "")).isEmpty();
        assertThat(Masking.mask("url", "http://u:hunter2@h")).isEqualTo("http://u:***@h");
    }

    static List<String> hostile() {
        return List.of(
                "a",
                " ",
                "\\",
                "\"",
                "'",
                "[",
                "{",
                "]:",
                "[]:",
                ":",
                "=",
                "@",
                "://",
                "://@",
                "a://u:p/",
                "://u:p@",
                "://u:1@x",
                "password=",
                "password: ",
                "password=,",
                "password=a,",
                "password='",
                "\"password\":\"",
                "\"password\":\"\\",
                "password=[",
                "password={\"",
                "password=[\\\"",
                "token:[]",
                "Authorization: ",
                "authorization=Basic ",
                "Cookie: a\n",
                "bearer ",
                "basic ",
                "Basic a=",
                "digest username=",
                "jdbc:oracle:",
                "jdbc:oracle:thin:a/",
                "jdbc:;password=",
                "%3D",
                "token%3D",
                "a.",
                "pass",
                "key",
                "keykey",
                "tokentoken",
                "aB",
                "?key=",
                "&sig=",
                ",a",
                "password=" + ",aaaaaaaa".repeat(4),
                "http://aaaa:",
                "password" + " ".repeat(20));
    }

    /** Every form repeated up to a million characters: a quadratic step would take minutes. */
    @ParameterizedTest
    @MethodSource("hostile")
    void takesLinearTime(String part) {
        String text = part.repeat(1_000_000 / part.length());

        String masked = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Masking.mask(text));

        assertThat(masked.length()).isLessThanOrEqualTo(3 * text.length() + 3);
    }

    private static void assertMasks(String text, String masked) {
        assertThat(Masking.mask(text)).isEqualTo(masked).doesNotContain("hunter");
        assertThat(Masking.mask(masked)).as("masked again").isEqualTo(masked);
    }
}
