package io.lynx.benchmarks.lifecycle;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures what a service does on SIGTERM, by the sender's clock. Not thread-safe. */
final class ServiceSignals {
    private static final Pattern TOOK = Pattern.compile("\"ms\":([0-9.]+)");
    private static final String READY = " ready\",\"kv\"";
    private static final long SAME_REQUEST_MILLIS = 1100;

    private final Program minimal = Program.example("minimal");
    private final Program hanging = Program.service("hanging service", HangingService.class);
    private final Samples idleReport = new Samples();
    private final Samples idleLine = new Samples();
    private final Samples idleGone = new Samples();
    private final Samples readiness = new Samples();
    private final Samples second = new Samples();

    /** Measures the smallest service, which has served one request and has no open connection. */
    void stopIdle() throws InterruptedException {
        try (Child child = Child.start(minimal)) {
            settle(child);
            long sent = child.terminate();
            Child.Line stopped = child.awaitLine("\"message\":\"Stopped\"");
            Matcher took = TOOK.matcher(stopped.text());
            if (!took.find()) {
                throw new IllegalStateException("the line 'stopped' has no ms: " + stopped.text());
            }
            idleReport.add(Double.parseDouble(took.group(1)));
            idleLine.addNanos(stopped.nanos() - sent);
            idleGone.addNanos(child.awaitGone() - sent);
        }
    }

    /** Polls readiness on one connection without a pause until it is a 503. */
    void askReadiness() throws InterruptedException, IOException {
        try (Child child = Child.start(minimal.with("--lynx.shutdown.drain_delay=1s"))) {
            settle(child);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), child.port())) {
                socket.setTcpNoDelay(true);
                for (int i = 0; i < 20; i++) {
                    requireStatus(200, readiness(socket, child.port()));
                }
                long sent = child.terminate();
                int status = 200;
                while (status == 200) {
                    status = readiness(socket, child.port());
                }
                readiness.addNanos(System.nanoTime() - sent);
                requireStatus(503, status);
            }
            long _ = child.awaitGone();
        }
    }

    /** Measures the second signal to a service whose stop hangs. */
    void signalTwice() throws InterruptedException {
        try (Child child = Child.start(hanging)) {
            Child.Line _ = child.awaitLine(READY);
            Thread.sleep(500);
            long _ = child.terminate();
            Child.Line _ = child.awaitLine("hanging now");
            Thread.sleep(SAME_REQUEST_MILLIS);
            long sent = child.terminate();
            second.addNanos(child.awaitGone() - sent);
        }
    }

    /** Waits until the work that follows the start is over. */
    private static void settle(Child child) throws InterruptedException {
        Child.Line _ = child.awaitLine(READY);
        long _ = child.awaitAnswer("/hello/you");
        Thread.sleep(1_000);
    }

    private static void requireStatus(int expected, int status) {
        if (status != expected) {
            throw new IllegalStateException("/health/ready: " + status + "; " + expected + " was to come");
        }
    }

    private static int readiness(Socket socket, int port) throws IOException {
        socket.getOutputStream()
                .write(("GET /health/ready HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("/health/ready: the connection ended after '" + head + "'");
            }
            head.append((char) next);
        }
        Matcher length = Pattern.compile("(?i)content-length: *(\\d+)").matcher(head);
        if (length.find()) {
            in.skipNBytes(Long.parseLong(length.group(1)));
        }
        return Integer.parseInt(head.substring(9, 12));
    }

    void print(int runs) {
        new Table(
                        "A service as a process, ms after SIGTERM: median (least–greatest) of " + runs + " processes",
                        "what",
                        "ms")
                .row("idle stop of the minimal HTTP service, by its own report", idleReport)
                .row("idle stop, signal to the line 'stopped'", idleLine)
                .row("idle stop, signal to exit of the process", idleGone)
                .row("signal to readiness 503", readiness)
                .row("second signal to exit of the process", second)
                .print();
    }
}
