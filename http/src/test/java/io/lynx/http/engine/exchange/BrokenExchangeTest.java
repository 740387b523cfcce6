package io.lynx.http.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.lynx.http.HttpConfig;
import io.lynx.http.engine.interceptor.InterceptorChain;
import io.lynx.http.engine.routing.RouteTable;
import io.lynx.http.engine.telemetry.FailureReporter;
import io.lynx.http.engine.telemetry.RequestRecorder;
import io.lynx.json.JsonCodec;
import io.lynx.testkit.Await;
import io.lynx.time.Ticker;
import io.lynx.transport.Engine;
import io.lynx.transport.Listener;
import io.lynx.transport.ListenerSection;
import io.lynx.transport.ListenerSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A server that fails by a fault of its own before a handler runs, for want of a class for example. */
class BrokenExchangeTest {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            String cause = event.getThrowableProxy() == null
                    ? ""
                    : event.getThrowableProxy().getMessage();
            lines.add(event.getLevel() + " " + event.getFormattedMessage() + " " + cause);
        }
    };

    private volatile Supplier<RouteTable> routes = () -> {
        throw new NoClassDefFoundError("io/lynx/Missing");
    };

    @BeforeEach
    void record() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
    }

    @AfterEach
    void detach() {
        root.detachAppender(appender);
    }

    @Test
    void cutsOffARequestThatItFailsToBeginAndServesTheNextOne() throws Exception {
        Listener listener = listener();
        listener.open();
        try {
            assertThat(get(listener, "/first")).isEmpty();
            Await.until("it is counted", () -> listener.inFlight().current() == 0);
            Await.until("it is named", () -> lines.contains("ERROR Request failed io/lynx/Missing"));
            routes = () -> new RouteTable(InterceptorChain.BUILT_IN);

            assertThat(get(listener, "/second")).startsWith("HTTP/1.1 404 ");
            Await.until("nothing is in flight", () -> listener.inFlight().current() == 0);
        } finally {
            listener.close();
        }
    }

    private Listener listener() {
        HttpProtocol protocol = new HttpProtocol();
        Listener listener = Engine.create()
                .listener(new ListenerSpec(
                        ListenerSection.defaults().withAddress("127.0.0.1", 0).listener("test", "lynx.test"),
                        protocol,
                        protocol,
                        _ -> false,
                        Ticker.system(),
                        null,
                        InstantSource.system(),
                        _ -> "test"));
        protocol.serve(new ServerContext(
                HttpConfig.defaults(),
                () -> routes.get(),
                Ticker.system(),
                listener,
                RequestRecorder.NONE,
                new FailureReporter("test", null),
                JsonCodec.installed(),
                null,
                null,
                null));
        return listener;
    }

    /** Returns all that the server sends until it ends the connection. */
    private static String get(Listener listener, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        }
    }
}
