package io.lynx.benchmarks.http;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Table;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures what idle WebSockets cost: opens {@code --sockets} (10,000), sends one message over each, and reads how much memory the
 * service then uses, per socket. Each variant has a process of its own, whose collector gives the free part of the heap back, so that
 * garbage that has not been collected is not taken for memory of the sockets.
 */
public final class WebSocketHarness {
    private static final String[] HEAP = {"-Xmx1g", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10"};
    private static final double KILO = 1000.0;

    /** Text of 300 bytes, so that it is compressed where that is agreed. */
    private static final byte[] MESSAGE = "an idle socket ".repeat(20).getBytes(StandardCharsets.US_ASCII);

    private final int count;

    private WebSocketHarness(int count) {
        this.count = count;
    }

    /** What a process uses, in bytes. */
    private record Usage(double resident, double heap, double buffers) {
        double perSocket(Usage before, int count) {
            return (resident - before.resident()) / count / KILO;
        }
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Options options = Options.of(args, "sockets");
        WebSocketHarness harness = new WebSocketHarness(options.number("sockets", 10_000));
        System.out.println(Machine.describe());
        Table table = new Table(
                harness.count + " idle WebSockets, kilobytes for each (sockets of the kernel are not counted)",
                "variant",
                "resident memory",
                "live objects",
                "buffers outside of the heap");
        harness.measure(table, "without compression", "/plain", "");
        harness.measure(
                table,
                "compressed",
                "/compressed",
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
        table.print();
    }

    private void measure(Table table, String name, String path, String headers)
            throws IOException, InterruptedException {
        Program program = Program.service(name, SocketService.class)
                .with("--lynx.http.max_connections=" + 2 * count, "--lynx.http.max_long_lived=" + 2 * count);
        List<SocketChannel> open = new ArrayList<>();
        try (Child child = Child.start(program, HEAP);
                HttpClient client = HttpClient.newHttpClient()) {
            long _ = child.awaitAnswer("/memory");
            Usage warm = open(child, client, open, count / 10, path, headers);
            Usage all = open(child, client, open, count, path, headers);
            int more = count - count / 10;
            Table _ = table.row(
                    name,
                    String.format(Locale.ROOT, "%.1f", all.perSocket(warm, more)),
                    String.format(Locale.ROOT, "%.1f", (all.heap() - warm.heap()) / more / KILO),
                    String.format(Locale.ROOT, "%.1f", (all.buffers() - warm.buffers()) / more / KILO));
        } finally {
            for (SocketChannel socket : open) {
                socket.close();
            }
        }
    }

    /** Opens sockets until there are {@code target}; returns what the process then uses. */
    private static Usage open(
            Child child, HttpClient client, List<SocketChannel> open, int target, String path, String headers)
            throws IOException, InterruptedException {
        while (open.size() < target) {
            SocketChannel socket =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), child.port()));
            open.add(socket);
            String request = "GET " + path
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n";
            write(socket, ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            String head = head(socket);
            if (!head.startsWith("HTTP/1.1 101 ")) {
                throw new IOException("handshake: " + head);
            }
            write(socket, frame());
            ByteBuffer answer = ByteBuffer.allocate(4096);
            if (socket.read(answer) <= 0) {
                throw new EOFException("a socket was closed");
            }
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + child.port() + "/memory"))
                .build();
        String[] used = client.send(request, BodyHandlers.ofString()).body().split(" ");
        return new Usage(child.residentMegabytes() * 1e6, Long.parseLong(used[0]), Long.parseLong(used[1]));
    }

    /** The message with a mask of zeros. */
    private static ByteBuffer frame() {
        ByteBuffer frame = ByteBuffer.allocate(8 + MESSAGE.length);
        frame.put((byte) 0x81)
                .put((byte) (0x80 | 126))
                .putShort((short) MESSAGE.length)
                .putInt(0);
        return frame.put(MESSAGE).flip();
    }

    private static void write(SocketChannel socket, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int _ = socket.write(bytes);
        }
    }

    private static String head(SocketChannel socket) throws IOException {
        StringBuilder head = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (head.indexOf("\r\n\r\n") < 0) {
            one.clear();
            if (socket.read(one) < 0) {
                throw new EOFException("handshake: the connection was closed after '" + head + "'");
            }
            head.append((char) one.get(0));
        }
        return head.toString();
    }
}
