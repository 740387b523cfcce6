package io.lynx.admin;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** An HTTP/1.1 client that sends what a test says, the Host header included. */
final class RawHttp {
    private final String host;
    private final int port;

    RawHttp(String url) {
        URI uri = URI.create(url);
        this.host = uri.getHost();
        this.port = uri.getPort();
    }

    /**
     * An answer.
     *
     * @param status the code
     * @param head the lines before the body
     * @param body the rest
     */
    record Answer(int status, List<String> head, String body) {
        String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ": ";
            return head.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()))
                    .findFirst()
                    .orElse("");
        }
    }

    Answer get(String path, String... headers) throws IOException {
        return send("GET", path, headers);
    }

    Answer send(String method, String path, String... headers) throws IOException {
        try (Socket socket = begin(method, path, headers)) {
            return read(socket.getInputStream());
        }
    }

    /** Sends a request and does not wait for its answer; the caller closes the connection. */
    Socket begin(String method, String path, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
        boolean namesHost = false;
        for (String header : headers) {
            request.append(header).append("\r\n");
            namesHost |= header.startsWith("Host:");
        }
        if (!namesHost) {
            request.append("Host: localhost:").append(port).append("\r\n");
        }
        if (method.equals("POST")) {
            request.append("Content-Length: 0\r\n");
        }
        Socket socket = new Socket(host, port);
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Sends a request on a connection that is open already. */
    static Answer on(Socket socket, String path) throws IOException {
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost:" + socket.getPort()
                                + "\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return read(socket.getInputStream());
    }

    private static Answer read(InputStream in) throws IOException {
        String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        int end = all.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no answer: '" + all + "'");
        }
        List<String> head = all.substring(0, end).lines().toList();
        return new Answer(Integer.parseInt(head.getFirst().split(" ")[1]), head, all.substring(end + 4));
    }
}
