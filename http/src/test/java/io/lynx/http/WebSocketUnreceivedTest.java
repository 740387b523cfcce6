package io.lynx.http;

import static io.lynx.http.SocketClient.BINARY;
import static io.lynx.http.SocketClient.CLOSE;
import static io.lynx.http.SocketClient.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.engine.HeldMessages;
import io.lynx.testkit.Await;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory of messages that the handler of a WebSocket has not received when it ends. */
class WebSocketUnreceivedTest {
    private static final int SIZE = 20 * 1024;

    @BeforeEach
    void noSocketHoldsMessages() {
        awaitNoneHeld();
    }

    private static void awaitNoneHeld() {
        Await.until("no message is held", () -> HeldMessages.bytes() == 0);
    }

    /** Receives the first message, and waits for the others. */
    private static void receiveFirst(WebSocket socket) throws InterruptedException {
        assertThat(socket.receive()).isPresent();
        Await.until("the others have arrived", () -> HeldMessages.bytes() == 2 * SIZE + 1);
    }

    private static void sendMessages(SocketClient client) throws Exception {
        for (int i = 0; i < 3; i++) {
            client.send(BINARY, new byte[SIZE]);
        }
        // Once this one is held, those before it are complete.
        client.send(BINARY, new byte[1]);
    }

    @Test
    void isGivenBackWhenTheHandlerFails() throws Exception {
        try (TestServer server = TestServer.with(http -> http.webSocket("/", socket -> {
                    receiveFirst(socket);
                    throw new IllegalStateException("broken");
                }));
                SocketClient client = SocketClient.open(server, "/")) {
            sendMessages(client);

            assertThat(client.rest()).containsExactly("close 1011");
            awaitNoneHeld();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isGivenBackWhenTheHandlerReturns(boolean hasClientClosed) throws Exception {
        try (TestServer server = TestServer.with(http -> http.webSocket("/", socket -> {
                    receiveFirst(socket);
                    if (hasClientClosed) {
                        Await.until("the close frame has arrived", () -> !socket.isOpen());
                    }
                }));
                SocketClient client = SocketClient.open(server, "/")) {
            sendMessages(client);
            if (hasClientClosed) {
                client.send(CLOSE, status(1000, ""));
            }

            assertThat(client.read()).hasToString("close 1000");
            awaitNoneHeld();
        }
    }

    @Test
    void isGivenBackWhenTheHandlerEndsWithAFatalError() throws Exception {
        try (TestServer server = TestServer.with(http -> http.webSocket("/", socket -> {
                    receiveFirst(socket);
                    throw new InternalError("thrown by a test");
                }));
                SocketClient client = SocketClient.open(server, "/")) {
            sendMessages(client);

            assertThat(client.rest()).containsExactly("close 1011");
            awaitNoneHeld();
        }
    }
}
