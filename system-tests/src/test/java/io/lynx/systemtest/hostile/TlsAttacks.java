package io.lynx.systemtest.hostile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** Attacks that only a listener with TLS is open to. */
final class TlsAttacks {
    private static final int MANY = 500;

    private final AttackTarget target;

    TlsAttacks(AttackTarget target) {
        this.target = target;
    }

    Stream<Attack> all() {
        return Stream.of(
                new Attack("handshakes that are never finished", this::unfinishedHandshakes),
                new Attack("hellos in pieces of one byte", this::hellosInPieces),
                new Attack("garbage instead of a hello", this::garbage),
                new Attack("a hello that never ends", this::endlessHellos),
                new Attack("handshakes and then silence", this::silence),
                new Attack("ends without close_notify", this::endsWithoutNotice),
                new Attack("resets in the middle of the handshake", this::resets),
                new Attack("a flood of handshakes", this::handshakes),
                new Attack("renegotiations", (end, opened) -> again(end, opened, "TLSv1.2")),
                new Attack("updates of the keys", (end, opened) -> again(end, opened, "TLSv1.3")));
    }

    private static boolean isOver(long endNanos) {
        return System.nanoTime() - endNanos >= 0;
    }

    private static void rest(long end) throws InterruptedException {
        Thread.sleep(Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    }

    /** Returns the first message of a client. */
    private byte[] hello() throws SSLException {
        SSLEngine engine = Objects.requireNonNull(target.trusting()).createSSLEngine("localhost", target.port());
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }

    private void unfinishedHandshakes(long end, List<Attacker> opened) throws Exception {
        byte[] hello = hello();
        while (!isOver(end) && opened.size() < 10 * MANY) {
            opened.add(target.raw().bytes(hello));
        }
        rest(end);
    }

    private void hellosInPieces(long end, List<Attacker> opened) throws Exception {
        byte[] hello = hello();
        for (int i = 0; i < MANY && !isOver(end); i++) {
            opened.add(target.raw());
        }
        for (int at = 0; at < hello.length && !isOver(end); at++) {
            for (Attacker attacker : opened) {
                attacker.bytes(new byte[] {hello[at]});
            }
        }
    }

    private void garbage(long end, List<Attacker> opened) throws Exception {
        byte[] noise = new byte[20_000];
        new Random(7).nextBytes(noise);
        byte[][] kinds = {
            noise,
            "GET /ok HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            // An alert, application data and a record of the greatest length, before any hello.
            {21, 3, 3, 0, 2, 2, 40},
            {23, 3, 3, 0, 3, 1, 2, 3},
            {22, 3, 1, (byte) 0xFF, (byte) 0xFF, 1}
        };
        for (int i = 0; !isOver(end); i++) {
            Attacker attacker = target.raw().bytes(kinds[i % kinds.length]);
            if (i % 10 == 0 && opened.size() < MANY) {
                opened.add(attacker);
            } else {
                attacker.close();
            }
        }
    }

    /** Announces a hello of 16 MB and sends it, in records of a legal size. */
    private void endlessHellos(long end, List<Attacker> opened) throws Exception {
        byte[] first = new byte[5 + 16_000];
        byte[] next = new byte[5 + 16_000];
        for (byte[] each : List.of(first, next)) {
            System.arraycopy(new byte[] {22, 3, 1, 16_000 >> 8, (byte) (16_000 & 0xFF)}, 0, each, 0, 5);
        }
        System.arraycopy(new byte[] {1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 3, 3}, 0, first, 5, 6);
        for (int i = 0; i < 50 && !isOver(end); i++) {
            opened.add(target.raw().bytes(first));
        }
        while (!isOver(end)) {
            opened.forEach(attacker -> attacker.bytes(next));
            if (opened.stream().allMatch(Attacker::isEnded)) {
                rest(end);
            }
        }
    }

    private void silence(long end, List<Attacker> opened) throws Exception {
        while (!isOver(end) && opened.size() < 10 * MANY) {
            opened.add(target.connect());
        }
        rest(end);
    }

    private void endsWithoutNotice(long end, List<Attacker> opened) throws Exception {
        String[] requests = {
            "",
            "GET /ok HT",
            "GET /large HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf"
        };
        for (int i = 0; !isOver(end); i++) {
            try (Attacker attacker = target.connect()) {
                attacker.text(requests[i % requests.length]);
            }
        }
    }

    private void resets(long end, List<Attacker> opened) throws Exception {
        byte[] hello = hello();
        for (int i = 0; !isOver(end); i++) {
            try (Attacker attacker = target.raw()) {
                switch (i % 4) {
                    case 0 -> {}
                    case 1 -> attacker.bytes(Arrays.copyOf(hello, hello.length / 2));
                    case 2 -> attacker.bytes(hello);
                    default -> attacker.bytes(hello).awaitBytes();
                }
                attacker.reset();
            }
        }
    }

    /** Whole handshakes: each names another server, so that no session is resumed. */
    private void handshakes(long end, List<Attacker> opened) throws Exception {
        List<Thread> threads = Stream.generate(() -> Thread.ofPlatform().start(() -> handshakeUntil(end)))
                .limit(4)
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void handshakeUntil(long end) {
        for (int i = 0; !isOver(end); i++) {
            String name = "server" + Thread.currentThread().threadId() + "-" + i + ".example";
            try (Attacker attacker = target.tls(name, "http/1.1")) {
                attacker.reset();
            } catch (IOException refused) {
                // The server may refuse what is too much; others are still served.
            }
        }
    }

    private void again(long end, List<Attacker> opened, String version) throws Exception {
        for (int i = 0; i < 10 && !isOver(end); i++) {
            Attacker attacker = target.tls("localhost", "http/1.1", version);
            opened.add(attacker);
            Thread.startVirtualThread(() -> {
                while (!isOver(end) && !attacker.isEnded()) {
                    attacker.handshakeAgain();
                }
            });
        }
        rest(end);
    }
}
