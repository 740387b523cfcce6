package io.lynx.opentelemetry;

import io.lynx.time.Deadline;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/*
 * The SDK's exporter writes the message and this class sends it, as the SDK's HttpSender, with the JDK's client. The SDK
 * has a sender of its own for that client, but it has one timeout for all pushes, does not apply it to the body of an
 * answer, and its exporter logs each failure with a stack trace. Here every wait is within the deadline of its push, and
 * only the caller receives a failure: the exporter always receives a success.
 *
 * A failed push of metrics is not repeated: all values are cumulative, so the next push contains the same values and newer
 * ones. SpanPush repeats those of spans.
 */

/**
 * A collector that receives OTLP over HTTP. Thread-safe; one thread pushes at a time.
 *
 * @param <T> what it receives: metrics or spans
 */
final class OtlpEndpoint<T> implements Destination<T>, AutoCloseable {
    private static final int MAX_ANSWER = 64 * 1024;
    /** How many times smaller gzip usually makes a message. */
    private static final int USUAL_RATIO = 8;

    private static final Duration CLOSING = Duration.ofMillis(500);

    private final OtlpTarget target;
    private final OtlpExporter<T> exporter;
    private final ExecutorService threads;
    private final HttpClient client;

    private volatile @Nullable CompletableFuture<java.net.http.HttpResponse<byte[]>> underWay;

    /** The deadline of the push in progress; one thread pushes at a time. */
    private @Nullable Deadline deadline;

    private List<ProtobufBuffer> head = List.of();

    private @Nullable Delivery delivery;

    private OtlpEndpoint(OtlpTarget target, OtlpExporter.Factory<T> factory, ThreadFactory threads) {
        this.target = target;
        this.threads = Executors.newThreadPerTaskExecutor(threads);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(this.threads)
                .connectTimeout(target.timeout())
                .version(HttpClient.Version.HTTP_1_1);
        SSLContext tls = target.tls();
        this.client = (tls == null ? builder : builder.sslContext(tls)).build();
        this.exporter = factory.create(target, new SenderLoader());
    }

    /** Returns an endpoint for metrics, which opens no connection before the first push. */
    static OtlpEndpoint<MetricData> metrics(OtlpTarget target, ThreadFactory threads) {
        return new OtlpEndpoint<>(target, OtlpExporter::metrics, threads);
    }

    /** Returns an endpoint for spans of a service, which opens no connection before the first push. */
    static OtlpEndpoint<EndedSpan> spans(OtlpTarget target, Resource resource, ThreadFactory threads) {
        return new OtlpEndpoint<>(target, OtlpExporter.spans(resource), threads);
    }

    @Override
    public synchronized Delivery deliver(Collection<T> items, Deadline until) {
        deadline = until;
        delivery = null;
        try {
            head = exporter.head(items);
            var _ = exporter.export(items);
        } catch (RuntimeException failure) {
            return new Delivery(Delivery.Outcome.FAILED, String.valueOf(failure));
        } finally {
            deadline = null;
            head = List.of();
        }
        Delivery ended = delivery;
        return ended != null ? ended : new Delivery(Delivery.Outcome.FAILED, "the message was not sent");
    }

    @Override
    public void abort() {
        var future = underWay;
        if (future != null) {
            future.cancel(true);
        }
    }

    /** Cuts off a push in progress, and gives the client a moment to close its connections. */
    @Override
    public void close() {
        abort();
        var _ = exporter.shutdown();
        client.shutdownNow();
        try {
            boolean _ = client.awaitTermination(CLOSING);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }

    private Delivery send(HttpSenderConfig config, MessageWriter message, Deadline until) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(target.address())
                    .timeout(until.remaining().plusNanos(1))
                    .header("Content-Type", config.getContentType());
            config.getHeadersSupplier()
                    .get()
                    .forEach((name, values) -> values.forEach(value -> request.header(name, value)));
            if (target.compression() == OtlpConfig.Compression.GZIP) {
                request.header("Content-Encoding", "gzip");
            }
            request.POST(HttpRequest.BodyPublishers.ofByteArray(body(message)));
            return await(request.build(), until);
        } catch (IOException | IllegalArgumentException failure) {
            return new Delivery(Delivery.Outcome.FAILED, String.valueOf(failure));
        }
    }

    private byte[] body(MessageWriter message) throws IOException {
        int length = message.getContentLength()
                + head.stream().mapToInt(ProtobufBuffer::size).sum();
        return switch (target.compression()) {
            case NONE -> {
                ByteArrayOutputStream body = new ByteArrayOutputStream(length);
                write(message, body);
                yield body.toByteArray();
            }
            case GZIP -> {
                ByteArrayOutputStream body = new ByteArrayOutputStream(length / USUAL_RATIO);
                try (OutputStream compressed = new FastGzip(body)) {
                    write(message, compressed);
                }
                yield body.toByteArray();
            }
        };
    }

    private void write(MessageWriter message, OutputStream body) throws IOException {
        for (ProtobufBuffer part : head) {
            part.writeTo(body);
        }
        message.writeMessage(body);
    }

    /** Compresses spans to nearly the same size as with the usual level, in less than half of the time. */
    private static final class FastGzip extends GZIPOutputStream {
        private static final int BUFFER = 8192;

        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private Delivery await(HttpRequest request, Deadline until) {
        var future = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
        underWay = future;
        try {
            return OtlpAnswer.judge(future.get(until.remainingNanos(), TimeUnit.NANOSECONDS), target.items());
        } catch (TimeoutException late) {
            return new Delivery(Delivery.Outcome.TIMEOUT, "no answer in time");
        } catch (CancellationException aborted) {
            return new Delivery(Delivery.Outcome.FAILED, "cut short by the shutdown");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Delivery(Delivery.Outcome.FAILED, "interrupted");
        } catch (ExecutionException failure) {
            return failed(failure.getCause());
        } finally {
            underWay = null;
            future.cancel(true);
        }
    }

    private static Delivery failed(@Nullable Throwable cause) {
        return switch (cause) {
            case HttpConnectTimeoutException late ->
                new Delivery(Delivery.Outcome.UNREACHABLE, "no connection in time");
            case HttpTimeoutException late -> new Delivery(Delivery.Outcome.TIMEOUT, "no answer in time");
            case ConnectException refused ->
                new Delivery(
                        Delivery.Outcome.UNREACHABLE,
                        refused.getMessage() == null ? "connection refused" : refused.getMessage());
            case CancellationException aborted -> new Delivery(Delivery.Outcome.FAILED, "cut short by the shutdown");
            case null, default -> new Delivery(Delivery.Outcome.UNREACHABLE, String.valueOf(cause));
        };
    }

    /** Makes the exporter use this class as its sender. */
    private final class SenderLoader implements ComponentLoader {
        @Override
        public <C> Iterable<C> load(Class<C> type) {
            if (type != HttpSenderProvider.class) {
                return List.of();
            }
            HttpSenderProvider provider = Sender::new;
            return List.of(type.cast(provider));
        }
    }

    private final class Sender implements HttpSender {
        private final HttpSenderConfig config;

        Sender(HttpSenderConfig config) {
            this.config = config;
        }

        @Override
        public void send(MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
            Deadline until = deadline;
            delivery = until == null
                    ? new Delivery(Delivery.Outcome.FAILED, "no sender has sent it")
                    : OtlpEndpoint.this.send(config, message, until);
            onResponse.accept(OtlpAnswer.ACCEPTED);
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
