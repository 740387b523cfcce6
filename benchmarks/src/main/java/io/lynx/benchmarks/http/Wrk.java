package io.lynx.benchmarks.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The load generator {@code wrk}, on one thread. Not thread-safe. */
final class Wrk {
    private static final Pattern RATE = Pattern.compile("Requests/sec: *([0-9.]+)");
    private static final Pattern COUNT = Pattern.compile("(\\d+) requests in");
    private static final Pattern TAIL = Pattern.compile("99% +([0-9.]+)(us|ms|s)");
    private static final Pattern BAD =
            Pattern.compile("Non-2xx or 3xx responses: *\\d+|Socket errors: (?!connect 0, read 0, write 0)");
    private static final Pattern LATE = Pattern.compile("timeout (\\d+)");

    /**
     * The result of a run.
     *
     * @param answers their number
     * @param perSecond answers per second
     * @param tailMillis the 99th percentile of the latency, in milliseconds
     * @param late answers that took more than two seconds
     */
    record Load(long answers, double perSecond, double tailMillis, long late) {}

    private final List<String> prefix;
    private final List<String> options;

    private Wrk(List<String> prefix, List<String> options) {
        this.prefix = prefix;
        this.options = options;
    }

    /** Runs it on one processor. */
    static Wrk on(int processor) {
        return new Wrk(List.of("taskset", "-c", String.valueOf(processor)), List.of());
    }

    /** Runs it on any processor; each request has these header lines. */
    static Wrk with(List<String> headers) {
        return new Wrk(List.of(), lines(headers));
    }

    /** Runs it on one processor; each request has these header lines. */
    static Wrk on(int processor, List<String> headers) {
        return new Wrk(on(processor).prefix, lines(headers));
    }

    private static List<String> lines(List<String> headers) {
        return headers.stream().flatMap(line -> Stream.of("-H", line)).toList();
    }

    /** Runs it on one processor, with a Lua script that makes the requests. */
    static Wrk on(int processor, Path script) {
        return new Wrk(on(processor).prefix, List.of("-s", script.toString()));
    }

    /**
     * Puts load on a path of a local server.
     *
     * @throws IllegalStateException if an answer was not a 200 or a connection failed
     */
    Load run(int port, String path, int connections, int seconds) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "--latency"));
        command.addAll(options);
        command.add("http://127.0.0.1:" + port + path);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text;
            try (InputStream in = process.getInputStream()) {
                text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            int code = process.waitFor();
            Matcher rate = RATE.matcher(text);
            Matcher tail = TAIL.matcher(text);
            Matcher count = COUNT.matcher(text);
            if (code != 0
                    || !rate.find()
                    || !count.find()
                    || !tail.find()
                    || BAD.matcher(text).find()) {
                throw new IllegalStateException(command + ": exit code " + code + "\n" + text);
            }
            Matcher late = LATE.matcher(text);
            return new Load(
                    Long.parseLong(count.group(1)),
                    Double.parseDouble(rate.group(1)),
                    millis(tail.group(1), tail.group(2)),
                    late.find() ? Long.parseLong(late.group(1)) : 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double millis(String number, String unit) {
        double value = Double.parseDouble(number);
        return switch (unit) {
            case "us" -> value / 1000;
            case "ms" -> value;
            default -> value * 1000;
        };
    }
}
