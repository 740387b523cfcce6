package io.lynx.grpc.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.grpc.GrpcErrors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushbackTest {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static Metadata millis(String text) {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), text);
        return trailers;
    }

    private static Metadata details(byte[] status) {
        Metadata trailers = new Metadata();
        trailers.put(DETAILS, status);
        return trailers;
    }

    private static Metadata retryInfo(Duration delay) {
        return Objects.requireNonNull(GrpcErrors.unavailable("later", delay).getTrailers());
    }

    /** A status with a delay that Lynx itself would not write. */
    private static Metadata retryInfo(long seconds, int nanos) throws IOException {
        byte[] delay = message(out -> {
            out.writeInt64(1, seconds);
            out.writeInt32(2, nanos);
        });
        byte[] info = message(out -> out.writeByteArray(1, delay));
        byte[] any = message(out -> {
            out.writeString(1, "type.googleapis.com/google.rpc.RetryInfo");
            out.writeByteArray(2, info);
        });
        return details(message(out -> out.writeByteArray(3, any)));
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    @Test
    void trailersWithoutAWordLeaveItToTheClient() {
        Pushback nothing = Pushback.of(new Metadata());

        assertThat(nothing.isRefused()).isFalse();
        assertThat(nothing.delay()).isEmpty();
    }

    @Test
    void theFieldOfGrpcSaysWhen() {
        assertThat(Pushback.of(millis("250")).delay()).contains(Duration.ofMillis(250));
        assertThat(Pushback.of(millis("0")).delay()).contains(Duration.ZERO);
        assertThat(Pushback.of(millis("0")).isRefused()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-2147483648", "soon", "", "99999999999", "1.5"})
    void aNegativeOrMalformedValueRefuses(String value) {
        assertThat(Pushback.of(millis(value)).isRefused()).isTrue();
    }

    @Test
    void retryInfoSaysWhen() {
        Duration delay = Duration.ofSeconds(3, 500_000_000);

        assertThat(Pushback.of(retryInfo(delay)).delay()).contains(delay);
        assertThat(Pushback.of(retryInfo(Duration.ZERO)).delay()).contains(Duration.ZERO);
    }

    @Test
    void theFieldOfGrpcComesFirst() {
        Metadata both = retryInfo(Duration.ofSeconds(3));
        both.merge(millis("-1"));

        assertThat(Pushback.of(both).isRefused()).isTrue();
    }

    @Test
    void otherDetailsSayNothing() {
        Metadata other = Objects.requireNonNull(
                GrpcErrors.invalid("wrong", Map.of("name", "is empty")).getTrailers());

        assertThat(Pushback.of(other).delay()).isEmpty();
    }

    @Test
    void durationsOutOfRangeAreCutOff() throws IOException {
        assertThat(Pushback.of(retryInfo(-5, -1)).delay()).contains(Duration.ZERO);
        assertThat(Pushback.of(retryInfo(Long.MAX_VALUE, Integer.MAX_VALUE)).delay())
                .hasValueSatisfying(delay -> assertThat(delay).isGreaterThan(Duration.ofDays(3_000_000)));
    }

    @Test
    void malformedDetailsSayNothing() {
        byte[] right = Objects.requireNonNull(retryInfo(Duration.ofSeconds(3)).get(DETAILS));
        for (int length = 0; length < right.length; length++) {
            assertThat(Pushback.of(details(Arrays.copyOf(right, length))).isRefused())
                    .isFalse();
        }
        Random random = new Random(14);
        for (int i = 0; i < 20_000; i++) {
            byte[] wrong = right.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                wrong[random.nextInt(wrong.length)] = (byte) random.nextInt();
            }
            assertThat(Pushback.of(details(wrong)).isRefused()).isFalse();
        }
    }

    @Test
    void onlyWhatMayHelpIsRetried() {
        Metadata none = new Metadata();
        Metadata later = retryInfo(Duration.ofSeconds(3));

        assertThat(RpcFailure.isRetryable(new RpcFailure(Status.UNAVAILABLE, none, null)))
                .isTrue();
        assertThat(RpcFailure.isRetryable(new RpcFailure(Status.UNAVAILABLE, millis("-1"), null)))
                .isFalse();
        assertThat(RpcFailure.isRetryable(new RpcFailure(Status.RESOURCE_EXHAUSTED, none, null)))
                .isFalse();
        assertThat(RpcFailure.isRetryable(new RpcFailure(Status.RESOURCE_EXHAUSTED, later, null)))
                .isTrue();
        assertThat(RpcFailure.isRetryable(new RpcFailure(Status.INTERNAL, later, null)))
                .isFalse();
        assertThat(RpcFailure.isRetryable(new RpcFailure(Status.UNAVAILABLE, later, null).last()))
                .isFalse();
    }
}
