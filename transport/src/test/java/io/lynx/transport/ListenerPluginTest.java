package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.extension.Registration;
import io.lynx.plugin.RequestInFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.testkit.Await;
import io.lynx.testkit.RecordingContext;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListenerPluginTest {
    private final ListenerPlugin plugin = new ListenerPlugin();
    private final RecordingContext context = RecordingContext.onRealTime(plugin.descriptor());
    private Protocols protocols;
    private TrafficListener traffic;

    @BeforeEach
    void start() {
        context.config(ListenerSection.defaults().withAddress("127.0.0.1", 0));
        plugin.start(context);
        protocols = context.resource(Protocols.KEY);
        traffic = context.trafficListeners().getFirst();
    }

    @AfterEach
    void stop() throws Exception {
        traffic.close();
        context.close();
    }

    private static StreamHandler accepting(String prefix) {
        return new StreamHandler() {
            @Override
            public boolean accepts(Head head) {
                return head.target().startsWith(prefix);
            }

            @Override
            public void handle(Stream stream) {
                ProtocolServer.answer(stream, "served by " + prefix);
            }
        };
    }

    private WireClient.Answer get(String path) throws Exception {
        try (WireClient client = new WireClient(protocols.listener().port())) {
            client.request(path);
            return client.answer();
        }
    }

    @Test
    void aProtocolWorksAlone() throws Exception {
        Registration _ = protocols.register("tiny", Protocols.GENERAL, accepting("/"));
        traffic.open();

        assertThat(get("/a").body()).isEqualTo("served by /");
        assertThat(traffic.urls()).containsExactly(protocols.url());
        assertThat(protocols.url())
                .isEqualTo("http://127.0.0.1:" + protocols.listener().port());
    }

    @Test
    void aSpecificProtocolIsOfferedARequestFirst() throws Exception {
        Registration _ = protocols.register("general", Protocols.GENERAL, accepting("/"));
        Registration _ = protocols.register("specific", Protocols.SPECIFIC, accepting("/s"));
        traffic.open();

        assertThat(get("/s").body()).isEqualTo("served by /s");
        assertThat(get("/a").body()).isEqualTo("served by /");
    }

    @Test
    void aRequestThatNoProtocolAcceptsIsNotFound() throws Exception {
        Registration _ = protocols.register("specific", Protocols.SPECIFIC, accepting("/s"));
        traffic.open();

        WireClient.Answer answer = get("/a");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("no protocol here serves this request\n");
        Await.until("nothing is in flight", () -> traffic.inFlight().current() == 0);
    }

    @Test
    void aRemovedProtocolIsUnavailableUntilItIsRegisteredAgain() throws Exception {
        Registration registered = protocols.register("tiny", Protocols.GENERAL, accepting("/"));
        traffic.open();
        assertThat(get("/").status()).isEqualTo(200);

        registered.close();
        registered.close();

        WireClient.Answer absent = get("/");
        assertThat(absent.status()).isEqualTo(503);
        assertThat(absent.headers()).containsEntry("retry-after", "1");

        Registration _ = protocols.register("tiny", Protocols.GENERAL, accepting("/"));
        assertThat(get("/").status()).isEqualTo(200);
        assertThat(traffic.inFlight().failed()).isZero();
    }

    @Test
    void aNameIsRegisteredOnce() {
        Registration _ = protocols.register("tiny", Protocols.GENERAL, accepting("/"));

        assertThatThrownBy(() -> protocols.register("tiny", Protocols.SPECIFIC, accepting("/")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("protocol 'tiny': registered twice; a name has one owner");
    }

    @Test
    void aProtocolThatThrowsCutsOffItsRequestOnly() throws Exception {
        Registration _ = protocols.register("broken", Protocols.SPECIFIC, new StreamHandler() {
            @Override
            public boolean accepts(Head head) {
                return head.target().equals("/broken");
            }

            @Override
            public void handle(Stream stream) {
                throw new StackOverflowError();
            }
        });
        Registration _ = protocols.register("tiny", Protocols.GENERAL, accepting("/"));
        traffic.open();

        try (WireClient client = new WireClient(protocols.listener().port())) {
            client.request("/broken");
            assertThat(client.rest()).isIn("", "!");
        }

        assertThat(get("/").status()).isEqualTo(200);
        Await.until("nothing is in flight", () -> traffic.inFlight().current() == 0);
    }

    @Test
    void aProtocolReturnsItsCheckIntervalOnceAndNotForEachConnection() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Registration _ = protocols.register("counting", Protocols.GENERAL, new StreamHandler() {
            @Override
            public boolean accepts(Head head) {
                return true;
            }

            @Override
            public void handle(Stream stream) {
                ProtocolServer.answer(stream, "ok");
            }

            @Override
            public Duration checkInterval() {
                calls.incrementAndGet();
                return Duration.ofMillis(100);
            }
        });
        traffic.open();

        for (int i = 0; i < 3; i++) {
            assertThat(get("/").status()).isEqualTo(200);
        }

        assertThat(calls).hasValue(1);
    }

    @Test
    void malformedRequestsAreAnsweredWithoutAProtocol() throws Exception {
        traffic.open();
        try (WireClient client = new WireClient(protocols.listener().port())) {
            client.send("GET / HTTP/1.1\r\n\r\n");

            WireClient.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("exactly one field Host is required\n");
        }
    }

    @Test
    void namesTheRequestsInFlight() throws Exception {
        Queue<Stream> open = new ConcurrentLinkedQueue<>();
        Registration _ = protocols.register("held", Protocols.GENERAL, ProtocolServer.handler(stream -> {
            stream.listen(new StreamListener() {
                @Override
                public void ended(StreamEnd end) {}

                @Override
                public void check(long now) {}

                @Override
                public void interrupt() {}

                @Override
                public String routePattern() {
                    return stream.head().target().equals("/1") ? "GET /first" : "GET /later";
                }
            });
            stream.dispatch(() -> {
                open.add(stream);
                Await.until("all connections are closed", open::isEmpty);
                ProtocolServer.answer(stream, "released");
            });
        }));
        traffic.open();
        try (WireClient first = new WireClient(protocols.listener().port());
                WireClient second = new WireClient(protocols.listener().port())) {
            first.request("/1");
            Await.until("one connection is open", () -> open.size() == 1);
            second.request("/2");
            Await.until("two connections are open", () -> open.size() == 2);

            List<RequestInFlight> oldest = traffic.requests(1);
            List<RequestInFlight> all = traffic.requests(20);

            assertThat(oldest).singleElement().satisfies(request -> {
                assertThat(request.route()).isEqualTo("GET /first");
                assertThat(request.age()).isPositive();
                assertThat(request.thread()).isNotNull();
                assertThat(request.thread().isVirtual()).isTrue();
            });
            assertThat(all).extracting(RequestInFlight::route).containsExactly("GET /first", "GET /later");
            open.clear();
            assertThat(first.answer().body()).isEqualTo("released");
            assertThat(second.answer().body()).isEqualTo("released");
            Await.until("no request is left", () -> traffic.requests(20).isEmpty());
        }
    }
}
