package io.lynx.transport.engine.framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The check of the framing of one request of HTTP/1.1: with a single header, and with those of a browser. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FramingBenchmark {
    private static final String START = "GET /hello HTTP/1.1\r\nHost: 127.0.0.1:18000\r\n";
    private static final String BROWSER = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\n"
            + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
            + "Accept-Language: en-GB,en;q=0.9,de;q=0.8,fr;q=0.7\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
            + "Cookie: session=" + "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.".repeat(6) + "; theme=dark\r\n"
            + "Referer: https://www.example.com/some/page?with=query\r\nConnection: keep-alive\r\n";

    private final Http1Framing framing = new Http1Framing();
    private final ByteBuf few = bytes(START + "\r\n");
    private final ByteBuf browser = bytes(START + BROWSER + "\r\n");

    private static ByteBuf bytes(String text) {
        return Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A request with one header. */
    @Benchmark
    public int few() {
        return framing.examine(few);
    }

    /** A request with the headers of a browser, some 650 bytes. */
    @Benchmark
    public int browser() {
        return framing.examine(browser);
    }
}
