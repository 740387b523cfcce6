package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sends every raw request of {@code http1-corpus.txt} on a connection of its own, and behind it a request that asks for the end
 * of the connection. So the server always ends the connection, and no case depends on time: what was answered and executed up
 * to there is compared with what the corpus allows.
 */
class Http1CorpusTest {
    private static final String SENTINEL = "/sentinel";
    private static final Queue<String> EXECUTED = new ConcurrentLinkedQueue<>();
    private static TestServer server;

    /** A request of the corpus. */
    record Case(String name, String raw, List<String> allowed) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void open() {
        server = TestServer.with(config -> config.maxBodySize(100_000), http -> http.get("/a", Http1CorpusTest::execute)
                .post("/a", Http1CorpusTest::execute)
                .get("/smuggled", Http1CorpusTest::execute)
                .get(SENTINEL, Http1CorpusTest::execute)
                .get("/close", (request, response) -> {
                    response.header("Connection", "close");
                    execute(request, response);
                }));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static void execute(Request request, Response response) throws IOException {
        String body = request.text().lines().findFirst().orElse("").trim().replace(' ', '_');
        EXECUTED.add(body.isEmpty() ? request.path() : request.path() + ":" + body);
        response.send("ok");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersAsAllowed(Case sent) throws Exception {
        EXECUTED.clear();

        String outcome = outcome(sent);

        assertThat(sent.allowed())
                .as("%s", sent.raw().replace("\r", "\\r").replace("\n", "\\n"))
                .contains(outcome);
    }

    private static String outcome(Case sent) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (RawClient client = server.raw()) {
            client.send(sent.raw());
            client.send("GET " + SENTINEL + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            boolean bodiless = sent.allowed().getFirst().matches("\\d+h\\b.*");
            while (true) {
                RawClient.Answer answer = client.answer(!bodiless || !statuses.isEmpty());
                statuses.add(answer.status());
            }
        } catch (EOFException | SocketException end) {
            // The server has ended the connection, by its end of file or, if it had unread bytes, a reset.
        } catch (SocketTimeoutException hang) {
            throw new AssertionError("neither answered nor closed; answered so far: " + statuses, hang);
        }
        return text(statuses, sent.allowed().getFirst().matches("\\d+h\\b.*"));
    }

    /** The outcome in the notation of the corpus. */
    private static String text(List<Integer> statuses, boolean bodiless) {
        Queue<String> executed = new ConcurrentLinkedQueue<>(EXECUTED);
        StringBuilder outcome = new StringBuilder();
        boolean open = false;
        for (int i = 0; i < statuses.size(); i++) {
            int status = statuses.get(i);
            String what = status == 200 ? executed.poll() : null;
            if (SENTINEL.equals(what) && i == statuses.size() - 1) {
                open = true;
                break;
            }
            outcome.append(status)
                    .append(bodiless && i == 0 ? "h" : "")
                    .append(what == null ? "" : "=" + what)
                    .append(' ');
        }
        for (String unanswered : executed) {
            outcome.append("executed=").append(unanswered).append(' ');
        }
        return outcome.append(open ? "open" : "close").toString();
    }

    static List<Case> cases() throws IOException {
        try (InputStream corpus = Http1CorpusTest.class.getResourceAsStream("http1-corpus.txt")) {
            String text = new String(corpus.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.split("\n\n+"))
                    .map(block ->
                            block.lines().filter(line -> !line.startsWith("# ")).toList())
                    .filter(block -> !block.isEmpty())
                    .map(block -> new Case(
                            block.get(0),
                            unescape(block.get(1)),
                            List.of(block.get(2).split(" \\| "))))
                    .toList();
        }
    }

    @Test
    void corpusIsLargeAndItsNamesAreUnique() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(300).extracting(Case::name).doesNotHaveDuplicates();
    }

    private static String unescape(String text) {
        StringBuilder bytes = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\\') {
                bytes.append(c);
                continue;
            }
            switch (text.charAt(at++)) {
                case 'r' -> bytes.append('\r');
                case 'n' -> bytes.append('\n');
                case 't' -> bytes.append('\t');
                case '\\' -> bytes.append('\\');
                case 'x' -> {
                    bytes.append((char) Integer.parseInt(text.substring(at, at + 2), 16));
                    at += 2;
                }
                default -> throw new IllegalArgumentException("unknown escape in " + text);
            }
        }
        return bytes.toString();
    }
}
