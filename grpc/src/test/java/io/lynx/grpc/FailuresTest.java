package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.RateLimiter;
import io.lynx.testkit.Await;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What clients receive for the exceptions of services, and what becomes of the exceptions. */
class FailuresTest {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static StatusRuntimeException thrown(Supplier<? extends RuntimeException> failure) throws Exception {
        TextService service = new TextService().answering(_ -> {
            throw failure.get();
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            return GrpcTestServer.failure(() -> server.unary("a"));
        }
    }

    @Test
    void anExceptionIsAnInternalErrorWithoutItsMessage() throws Exception {
        Status status =
                thrown(() -> new IllegalStateException("password=secret")).getStatus();

        assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(status.getDescription()).isEqualTo("internal error");
    }

    @Test
    void anExceptionOfGrpcIsTheAnswer() throws Exception {
        Status status = thrown(
                        () -> Status.NOT_FOUND.withDescription("no such order").asRuntimeException())
                .getStatus();

        assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(status.getDescription()).isEqualTo("no such order");
    }

    @Test
    void anAnswerWhoseMetadataCannotBeWrittenIsAnInternalError() throws Exception {
        TextService service = new TextService()
                .unary((_, answer) -> answer.onError(Status.NOT_FOUND.asRuntimeException(Texts.unwritable())));
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            CallOptions limited = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
            Status status =
                    GrpcTestServer.failure(() -> server.unary("a", limited)).getStatus();

            assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
            assertThat(status.getDescription()).isEqualTo("internal error");
        }
    }

    @Test
    void anExceptionIsNeverOk() throws Exception {
        assertThat(thrown(Status.OK::asRuntimeException).getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    }

    @Test
    void whatIsNotReachableIsUnavailable() throws Exception {
        assertThat(thrown(() -> new CompletionException(new ConnectException("10.0.0.7 refused")))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aFailureThatTheServicePassesOnIsMappedToo() throws Exception {
        TextService service = new TextService().unary((_, answer) -> answer.onError(new ConnectException("refused")));
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            assertThat(server.codeOf("a")).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void aServiceThatCompletesWithoutAMessageHasFailed() throws Exception {
        TextService service = new TextService().unary((_, answer) -> answer.onCompleted());
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            assertThat(server.codeOf("a")).isEqualTo(Status.Code.INTERNAL);
        }
    }

    @Test
    void aServiceThatSendsTwoMessagesHasFailed() throws Exception {
        TextService service = new TextService().unary((text, answer) -> {
            answer.onNext(text);
            answer.onNext(text);
            answer.onCompleted();
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            assertThat(server.codeOf("a")).isEqualTo(Status.Code.INTERNAL);
        }
    }

    @Test
    void refusalsOfPoliciesTellWhenToTryAgain() throws Exception {
        RateLimiter limiter =
                RateLimiter.builder("orders", 1, Duration.ofMinutes(5)).build();
        boolean _ = limiter.tryAcquire();
        StatusRuntimeException limited = thrown(() -> {
            try {
                limiter.acquire();
                return new IllegalStateException("the limiter let the call pass");
            } catch (InterruptedException e) {
                return new IllegalStateException(e);
            }
        });

        assertThat(limited.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(details(limited)).contains("google.rpc.RetryInfo");
    }

    @Test
    void anOpenBreakerIsUnavailable() throws Exception {
        CircuitBreaker breaker = CircuitBreaker.of("stock", CircuitBreakerConfig.defaults());
        breaker.forceOpen();
        StatusRuntimeException refused = thrown(() -> {
            breaker.acquire().close();
            return new IllegalStateException("the breaker let the call pass");
        });

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(details(refused)).contains("google.rpc.RetryInfo");
    }

    private static String details(StatusRuntimeException failure) {
        Metadata trailers = failure.getTrailers();
        byte[] bytes = trailers == null ? null : trailers.get(DETAILS);
        return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void manyAndLongViolationsLeaveTheStatusReadable() throws Exception {
        Map<String, String> violations = new LinkedHashMap<>();
        violations.put("first", "\u5024".repeat(10_000));
        for (int i = 0; i < 1000; i++) {
            violations.put("items[" + i + "].amount", "must be positive");
        }

        StatusRuntimeException invalid = thrown(() -> GrpcErrors.invalid("\u5024".repeat(10_000), violations));

        assertThat(invalid.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(details(invalid))
                .contains("first", "items[0].amount", "items[40].amount")
                .containsPattern("and 9\\d\\d more");
    }

    @Test
    void richErrors() throws Exception {
        StatusRuntimeException invalid =
                thrown(() -> GrpcErrors.invalid("the order is not valid", Map.of("items[0].amount", "is negative")));

        assertThat(invalid.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(details(invalid))
                .contains("type.googleapis.com/google.rpc.BadRequest", "items[0].amount", "is negative");

        StatusRuntimeException unavailable =
                thrown(() -> GrpcErrors.unavailable("the stock is being counted", Duration.ofMillis(1500)));
        Metadata trailers = unavailable.getTrailers();
        assertThat(trailers).isNotNull();
        byte[] bytes = trailers.get(DETAILS);
        assertThat(bytes).isNotNull();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        assertThat(in.readTag()).isEqualTo(1 << 3);
        assertThat(in.readInt32()).isEqualTo(Status.Code.UNAVAILABLE.value());
        assertThat(in.readTag()).isEqualTo((2 << 3) | 2);
        assertThat(in.readString()).isEqualTo("the stock is being counted");
    }

    /** A plugin with a service that fails. */
    private static final class Failing implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders").requires("grpc").build();
        }

        @Override
        public void start(PluginContext context) {
            context.resource(GrpcServer.SERVICES).add(context, new TextService().answering(text -> {
                        if (text.equals("reject")) {
                            throw Status.INVALID_ARGUMENT.asRuntimeException();
                        }
                        throw new IllegalStateException("broken");
                    }));
        }
    }

    @Test
    void failuresAreRecordedForTheOwningPluginAndRefusalsAreNot() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new GrpcServer(), builder -> builder.plugin(new Failing()))) {
            assertThat(server.codeOf("reject")).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(server.codeOf("fail")).isEqualTo(Status.Code.INTERNAL);

            Await.until(
                    "the failure is recorded",
                    () -> server.application.recovery().errorStats().recentErrors().stream()
                                    .filter(error -> error.component().equals("orders"))
                                    .count()
                            == 1);
        }
    }
}
