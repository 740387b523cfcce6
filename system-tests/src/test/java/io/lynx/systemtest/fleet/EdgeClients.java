package io.lynx.systemtest.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Clients behind a proxy, each of which does one thing over and over: requests by both versions of HTTP, uploads, server-sent events and
 * WebSockets. Every failure is kept. Their address is 127.0.0.2. Thread-safe.
 */
final class EdgeClients implements AutoCloseable {
    static final String ADDRESS = "127.0.0.2";

    private static final Duration TIMEOUT = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration BETWEEN_UPLOADS = Duration.ofMillis(200);
    private static final String GOODBYE = ": the server is shutting down";
    private static final int GOING_AWAY = 1001;

    private final String url;
    private final long uploadSize;
    private final HttpClient modern;
    private final HttpClient old;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger uploads = new AtomicInteger();
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger goodbyes = new AtomicInteger();
    private final AtomicInteger closings = new AtomicInteger();
    private final long startedNanos = System.nanoTime();
    private volatile boolean stopping;

    private EdgeClients(String url, SSLContext tls, long uploadSize) throws IOException {
        this.url = url;
        this.uploadSize = uploadSize;
        this.modern = client(tls, HttpClient.Version.HTTP_2);
        this.old = client(tls, HttpClient.Version.HTTP_1_1);
    }

    private static HttpClient client(SSLContext tls, HttpClient.Version version) throws IOException {
        return HttpClient.newBuilder()
                .sslContext(tls)
                .version(version)
                .localAddress(InetAddress.getByName(ADDRESS))
                .connectTimeout(TIMEOUT)
                .build();
    }

    /** Begins, each client after its first success. */
    static EdgeClients start(String url, SSLContext tls, long uploadSize) throws IOException {
        EdgeClients clients = new EdgeClients(url, tls, uploadSize);
        clients.repeat("GET by HTTP/2", () -> clients.get(clients.modern));
        clients.repeat("GET by HTTP/1.1", () -> clients.get(clients.old));
        clients.repeat("upload", clients::upload);
        clients.repeat("events", new EventReader(clients)::read);
        clients.repeat("WebSocket", clients::talk);
        return clients;
    }

    /** What a client does over and over. */
    @FunctionalInterface
    private interface Deed {
        void run() throws Exception;
    }

    private void repeat(String name, Deed deed) {
        threads.execute(() -> {
            while (!stopping) {
                try {
                    deed.run();
                } catch (Exception | AssertionError failure) {
                    if (!stopping) {
                        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
                        failures.add("after " + millis + " ms, " + name + ": " + failure);
                    }
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        });
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT);
    }

    private static void require(boolean isRight, Object found) {
        if (!isRight) {
            throw new AssertionError(found);
        }
    }

    private void get(HttpClient client) throws Exception {
        HttpResponse<String> answer = client.send(request("/client").build(), BodyHandlers.ofString());
        require(
                answer.statusCode() == 200 && answer.body().equals("https " + ADDRESS),
                answer.statusCode() + " " + answer.body());
        answers.incrementAndGet();
    }

    private void upload() throws Exception {
        HttpRequest request = request("/upload")
                .timeout(TIMEOUT.multipliedBy(5))
                .POST(BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> new Zeros(uploadSize)), uploadSize))
                .build();
        HttpResponse<String> answer = old.send(request, BodyHandlers.ofString());
        require(
                answer.statusCode() == 200 && answer.body().equals(String.valueOf(uploadSize)),
                answer.statusCode() + " " + answer.body());
        uploads.incrementAndGet();
        Thread.sleep(BETWEEN_UPLOADS);
    }

    /** Reads one stream of events after the other, each from where the last one has ended. */
    private static final class EventReader {
        private final EdgeClients clients;
        private long last;

        EventReader(EdgeClients clients) {
            this.clients = clients;
        }

        void read() throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(clients.url + "/events"))
                    .header("Last-Event-ID", String.valueOf(last))
                    .build();
            HttpResponse<Stream<String>> answer = clients.modern.send(request, BodyHandlers.ofLines());
            require(answer.statusCode() == 200, answer.statusCode());
            boolean isGoodbye = false;
            try (Stream<String> lines = answer.body()) {
                for (Iterator<String> line = lines.iterator(); line.hasNext() && !clients.stopping; ) {
                    String text = line.next();
                    isGoodbye |= text.equals(GOODBYE);
                    if (text.startsWith("id: ")) {
                        long id = Long.parseLong(text.substring("id: ".length()));
                        require(id == last + 1, "event " + id + " after " + last);
                        last = id;
                        clients.events.incrementAndGet();
                    }
                }
            }
            require(isGoodbye, "the stream ended without a goodbye after event " + last);
            clients.goodbyes.incrementAndGet();
        }
    }

    /** Talks until the server says goodbye. */
    private void talk() throws Exception {
        Echoes echoes = new Echoes();
        WebSocket socket = old.newWebSocketBuilder()
                .connectTimeout(TIMEOUT)
                .buildAsync(URI.create(url.replace("https:", "wss:") + "/echo"), echoes)
                .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        try {
            for (int i = 0; !stopping; i++) {
                String text = "message " + i;
                try {
                    WebSocket _ = socket.sendText(text, true).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
                } catch (ExecutionException closed) {
                    // The answer tells why.
                }
                String answer = echoes.received.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
                if (("closed " + GOING_AWAY).equals(answer)) {
                    closings.incrementAndGet();
                    return;
                }
                require(text.equals(answer), "'" + answer + "' after '" + text + "'");
                messages.incrementAndGet();
                Thread.sleep(PAUSE);
            }
        } finally {
            socket.abort();
        }
    }

    private static final class Echoes implements WebSocket.Listener {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            received.add(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            received.add("closed " + code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            received.add("failed: " + error);
        }
    }

    /** A body of a size. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long size) {
            this.left = size;
        }

        @Override
        public int read() {
            left--;
            return left < 0 ? -1 : 0;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(left, length);
            Arrays.fill(target, offset, offset + count, (byte) 0);
            left -= count;
            return count;
        }
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Returns whether each client has had success. */
    boolean isRunning() {
        return answers.get() > 1 && uploads.get() > 0 && events.get() > 0 && messages.get() > 0;
    }

    /** Returns how many streams and sockets the service has ended, each with its goodbye. */
    int goodbyes() {
        return Math.min(goodbyes.get(), closings.get());
    }

    @Override
    public String toString() {
        return answers + " answers, " + uploads + " uploads, " + events + " events, " + messages + " messages, "
                + goodbyes + " goodbyes, " + closings + " closings";
    }

    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
        modern.shutdownNow();
        old.shutdownNow();
    }
}
