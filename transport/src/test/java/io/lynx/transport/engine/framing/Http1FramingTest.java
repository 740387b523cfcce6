package io.lynx.transport.engine.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.transport.engine.framing.Http1Framing.Violation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Http1FramingTest {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

    /** A request of the corpus that the HTTP server is tested with. */
    record Case(String name, String raw, List<String> allowed) {
        boolean mustFail() {
            return allowed.stream().allMatch(outcome -> outcome.matches("(400|501|505) close|(\\S+ )*400 close|close"));
        }

        boolean mustPass() {
            return allowed.stream().allMatch(outcome -> outcome.startsWith("200") || outcome.startsWith("100"));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judgesEachCaseAsTheCorpusRequires(Case sent) {
        Http1Framing framing = new Http1Framing();

        int passed = framing.examine(bytes(sent.raw()));

        if (sent.mustFail()) {
            assertThat(framing.violation()).isNotNull();
            assertThat(passed).isLessThan(sent.raw().length());
        } else if (sent.mustPass()) {
            assertThat(framing.violation()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doesNotDependOnHowTheBytesArrive(Case sent) {
        Http1Framing whole = new Http1Framing();
        Http1Framing split = new Http1Framing();
        Random random = new Random(42);

        int passed = whole.examine(bytes(sent.raw()));
        int passedInPieces = 0;
        for (int at = 0; at < sent.raw().length() && split.violation() == null && !split.isOver(); ) {
            int end = Math.min(sent.raw().length(), at + 1 + random.nextInt(3));
            passedInPieces += split.examine(bytes(sent.raw().substring(at, end)));
            at = end;
        }

        assertThat(passedInPieces).isEqualTo(passed);
        assertThat(split.violation()).isEqualTo(whole.violation());
        assertThat(split.isOver()).isEqualTo(whole.isOver());
    }

    @Test
    void judgesManyBytesAtOnceLikeEachByteAlone() {
        Random random = new Random(7);
        String head = "GET /a/b?c=d HTTP/1.1\r\nHost: example.com:80\r\nUser-Agent: Mozilla/5.0 (X11; Linux)\r\n"
                + "Accept: text/html,*/*;q=0.8\r\nCookie: a=b; c=d\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc";
        String strange = "\0\t\r\n :;,#%/@A\u007f\u0080\u00ff";

        for (int i = 0; i < 20_000; i++) {
            StringBuilder mutated = new StringBuilder(head + GET);
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                int at = random.nextInt(mutated.length());
                switch (random.nextInt(3)) {
                    case 0 -> mutated.setCharAt(at, strange.charAt(random.nextInt(strange.length())));
                    case 1 -> mutated.deleteCharAt(at);
                    default -> mutated.insert(at, strange.charAt(random.nextInt(strange.length())));
                }
            }
            String text = mutated.toString();
            Http1Framing whole = new Http1Framing();
            Http1Framing single = new Http1Framing();

            int passed = whole.examine(bytes(text));
            int passedAlone = 0;
            for (int at = 0; at < text.length() && single.violation() == null && !single.isOver(); at++) {
                passedAlone += single.examine(bytes(text.substring(at, at + 1)));
            }

            assertThat(passedAlone).as(text).isEqualTo(passed);
            assertThat(single.violation()).as(text).isEqualTo(whole.violation());
            assertThat(single.requests()).as(text).isEqualTo(whole.requests());
        }
    }

    @Test
    void passesNothingOnAfterTheLastRequest() {
        Http1Framing framing = new Http1Framing();
        String last = "GET /a HTTP/1.1\r\nHost: a\r\nConnection: TE, close\r\n\r\n";

        int passed = framing.examine(bytes(GET + last + GET));
        int later = framing.examine(bytes(GET));

        assertThat(passed).isEqualTo(GET.length() + last.length());
        assertThat(later).isZero();
        assertThat(framing.isOver()).isTrue();
    }

    @Test
    void reportsWhetherTheViolationIsInTheBody() {
        Http1Framing head = new Http1Framing();
        Http1Framing body = new Http1Framing();

        head.examine(bytes("GET /a HTTP/1.1\r\nX Y: z\r\n"));
        body.examine(bytes("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"));

        assertThat(head.violation()).extracting(Violation::isInBody).isEqualTo(false);
        assertThat(body.violation()).extracting(Violation::isInBody).isEqualTo(true);
    }

    @Test
    void boundsTheSizeOfAChunkApartFromItsData() {
        Http1Framing extensions = new Http1Framing();
        Http1Framing trailers = new Http1Framing();
        String head = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

        extensions.examine(bytes(head + "1;" + "a".repeat(5000)));
        trailers.examine(bytes(head + "0\r\n" + "x: yyyyyyyyyyyy\r\n".repeat(2000)));

        assertThat(extensions.violation()).isNotNull();
        assertThat(trailers.violation()).isNotNull();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static List<Case> cases() throws IOException {
        String text = Files.readString(Path.of("../http/src/test/resources/io/lynx/http/http1-corpus.txt"));
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

    private static String unescape(String text) {
        return java.util.regex.Pattern.compile("\\\\x(..)")
                .matcher(text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t"))
                .replaceAll(hex -> java.util.regex.Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(hex.group(1), 16))))
                .replace("\\\\", "\\");
    }

    @Test
    void holdsWhatFollowsAnOfferToSwitch() {
        String offer = "GET /a HTTP/1.1\r\nHost: a\r\nUpgrade: cake\r\nConnection: keep-alive, Upgrade\r\n\r\n";
        Http1Framing framing = new Http1Framing();

        assertThat(framing.examine(bytes(offer + "\0\0\0"))).isEqualTo(offer.length());
        assertThat(framing.isHeld()).isTrue();
        assertThat(framing.isBetweenRequests()).isTrue();
        assertThat(framing.examine(bytes("\0"))).isZero();
        assertThat(framing.violation()).isNull();

        framing.proceed();
        assertThat(framing.examine(bytes(GET + offer))).isEqualTo(GET.length() + offer.length());
        assertThat(framing.requests()).isEqualTo(3);
    }

    @Test
    void holdsNothingBehindAnOfferOfHttp2() {
        String offer = "GET /a HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n";
        Http1Framing framing = new Http1Framing();

        assertThat(framing.examine(bytes(offer + GET))).isEqualTo(offer.length() + GET.length());
        assertThat(framing.isHeld()).isFalse();
    }
}
