package io.lynx.recovery;

import static io.lynx.recovery.Classification.Disposition.CANCELLED;
import static io.lynx.recovery.Classification.Disposition.FATAL;
import static io.lynx.recovery.Classification.Disposition.PERMANENT;
import static io.lynx.recovery.Classification.Disposition.REJECTED;
import static io.lynx.recovery.Classification.Disposition.TRANSIENT;
import static io.lynx.recovery.Classification.Disposition.UNKNOWN;
import static io.lynx.recovery.ErrorCategory.DATABASE;
import static io.lynx.recovery.ErrorCategory.NETWORK;
import static io.lynx.recovery.ErrorCategory.RESOURCE;
import static io.lynx.recovery.ErrorCategory.SECURITY;
import static io.lynx.recovery.ErrorCategory.SYSTEM;
import static io.lynx.recovery.ErrorCategory.TIMEOUT;
import static io.lynx.recovery.ErrorCategory.VALIDATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.Retry.RetryAfter;
import java.lang.reflect.InvocationTargetException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorClassifierTest {
    private static final Classification UNKNOWN_ERROR = Classification.of(SYSTEM, ErrorSeverity.MEDIUM, UNKNOWN);

    private final ErrorClassifier classifier = ErrorClassifier.standard();

    static Stream<Arguments> table() {
        return Stream.of(
                arguments(new SQLTransientConnectionException(), DATABASE, TRANSIENT),
                arguments(new SQLRecoverableException(), DATABASE, TRANSIENT),
                arguments(new ConnectException(), NETWORK, TRANSIENT),
                arguments(new UnknownHostException(), NETWORK, TRANSIENT),
                arguments(new SocketTimeoutException(), TIMEOUT, TRANSIENT),
                arguments(new StackOverflowError(), SYSTEM, FATAL),
                arguments(new NoClassDefFoundError(), SYSTEM, FATAL),
                arguments(new CancellationException(), SYSTEM, CANCELLED),
                arguments(new InterruptedException(), SYSTEM, CANCELLED),
                arguments(new IllegalArgumentException(), VALIDATION, PERMANENT),
                arguments(new SecurityException(), SECURITY, PERMANENT),
                arguments(new IllegalStateException(), SYSTEM, UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("table")
    void knowsTheJdksExceptions(Throwable throwable, ErrorCategory category, Disposition disposition) {
        Classification classification = classifier.classify(throwable);

        assertThat(classification.category()).isEqualTo(category);
        assertThat(classification.disposition()).isEqualTo(disposition);
        assertThat(classification.errorType()).isEqualTo(category.label());
    }

    @Test
    void brokenVirtualMachineIsCritical() {
        assertThat(classifier.classify(new OutOfMemoryError()).severity()).isEqualTo(ErrorSeverity.CRITICAL);
    }

    @ParameterizedTest
    @CsvSource({
        "08006, DATABASE, TRANSIENT",
        "40001, DATABASE, TRANSIENT",
        "53100, DATABASE, TRANSIENT",
        "53300, DATABASE, TRANSIENT",
        "53400, DATABASE, PERMANENT",
        "57P01, DATABASE, TRANSIENT",
        "58030, DATABASE, TRANSIENT",
        "22001, VALIDATION, PERMANENT",
        "23505, VALIDATION, PERMANENT",
        "42601, DATABASE, PERMANENT",
        "28P01, SECURITY, PERMANENT",
        "XX000, DATABASE, UNKNOWN",
        "4, DATABASE, UNKNOWN"
    })
    void readsTheSqlState(String state, ErrorCategory category, Disposition disposition) {
        Classification classification = classifier.classify(new SQLException("refused", state));

        assertThat(classification.category()).isEqualTo(category);
        assertThat(classification.disposition()).isEqualTo(disposition);
    }

    /** The driver of MariaDB makes the exception of a connection out of what triggers and procedures signal. */
    @ParameterizedTest
    @CsvSource({
        "45000, DATABASE, UNKNOWN",
        "3D000, DATABASE, UNKNOWN",
        "22001, VALIDATION, PERMANENT",
        "08006, DATABASE, TRANSIENT",
        "53300, DATABASE, TRANSIENT"
    })
    void theSqlStateOfAnAnswerOutweighsTheTypeOfAConnection(
            String state, ErrorCategory category, Disposition disposition) {
        Classification classification = classifier.classify(new SQLTransientConnectionException("refused", state));

        assertThat(classification.category()).isEqualTo(category);
        assertThat(classification.disposition()).isEqualTo(disposition);
    }

    @Test
    void aPoolThatCannotConnectIsTransientWhateverTheServerAnswered() {
        SQLException answer = new SQLException("password authentication failed", "28P01");

        Classification classification =
                classifier.classify(new SQLTransientConnectionException("no connection", "28P01", answer));

        assertThat(classification.disposition()).isEqualTo(TRANSIENT);
    }

    @ParameterizedTest
    @CsvSource({
        "408, TIMEOUT, TRANSIENT",
        "425, NETWORK, TRANSIENT",
        "500, NETWORK, TRANSIENT",
        "502, NETWORK, TRANSIENT",
        "504, TIMEOUT, TRANSIENT",
        "429, RESOURCE, THROTTLED",
        "503, RESOURCE, THROTTLED",
        "400, VALIDATION, PERMANENT",
        "404, VALIDATION, PERMANENT",
        "401, SECURITY, PERMANENT",
        "403, SECURITY, PERMANENT",
        "501, NETWORK, UNKNOWN",
        "302, SYSTEM, UNKNOWN"
    })
    void readsTheHttpStatus(int status, ErrorCategory category, Disposition disposition) {
        Classification classification = classifier.classify(new AnswerException(status, Optional.empty()));

        assertThat(classification.category()).isEqualTo(category);
        assertThat(classification.disposition()).isEqualTo(disposition);
    }

    @Test
    void passesOnRetryAfter() {
        Optional<Duration> wait = Optional.of(Duration.ofSeconds(7));

        assertThat(classifier.classify(new AnswerException(429, wait)).retryAfter())
                .isEqualTo(wait);
        assertThat(classifier.classify(new AnswerException(503, wait)).retryAfter())
                .isEqualTo(wait);
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE: io exception, NETWORK, TRANSIENT",
        "RESOURCE_EXHAUSTED, RESOURCE, THROTTLED",
        "DEADLINE_EXCEEDED: after 1s, TIMEOUT, TRANSIENT",
        "INVALID_ARGUMENT: id, VALIDATION, PERMANENT",
        "NOT_FOUND, VALIDATION, PERMANENT",
        "PERMISSION_DENIED, SECURITY, PERMANENT",
        "UNAUTHENTICATED, SECURITY, PERMANENT",
        "CANCELLED: by client, SYSTEM, CANCELLED",
        "INTERNAL, NETWORK, UNKNOWN",
        "nonsense, NETWORK, UNKNOWN"
    })
    void readsTheGrpcStatusFromTheMessage(String message, ErrorCategory category, Disposition disposition) {
        Classification classification = classifier.classify(GrpcExceptions.create(message));

        assertThat(classification.category()).isEqualTo(category);
        assertThat(classification.disposition()).isEqualTo(disposition);
    }

    @Test
    void ownRejectionsAreNotErrors() {
        CircuitBreaker breaker = CircuitBreaker.of("payments", CircuitBreakerConfig.defaults());
        breaker.forceOpen();

        Throwable rejection = org.assertj.core.api.Assertions.catchThrowableOfType(
                CircuitBreakerOpenException.class, breaker::acquire);

        assertThat(classifier.classify(new CompletionException(rejection)).disposition())
                .isEqualTo(REJECTED);
    }

    @Test
    void unwrapsFuturesAndReflection() {
        Throwable wrapped = new CompletionException(
                new ExecutionException(new InvocationTargetException(new ConnectException("refused"))));

        assertThat(classifier.classify(wrapped).category()).isEqualTo(NETWORK);
    }

    @Test
    void findsCausesInsideOtherExceptions() {
        Throwable outer = new IllegalStateException("no order", new SQLException("deadlock", "40001"));

        assertThat(classifier.classify(outer).category()).isEqualTo(DATABASE);
    }

    @Test
    void endsOnACycleOfCauses() {
        RuntimeException one = new RuntimeException("one");
        RuntimeException two = new RuntimeException("two", one);
        one.initCause(two);
        CompletionException wrapper = new SelfCausedException();

        assertThat(classifier.classify(two)).isEqualTo(UNKNOWN_ERROR);
        assertThat(classifier.classify(wrapper)).isEqualTo(UNKNOWN_ERROR);
    }

    @Test
    void examinesSixteenCausesAtMost() {
        Throwable at16 = new ConnectException();
        for (int i = 0; i < 15; i++) {
            at16 = new IllegalStateException(at16);
        }
        Throwable at17 = new IllegalStateException(at16);

        assertThat(classifier.classify(at16).category()).isEqualTo(NETWORK);
        assertThat(classifier.classify(at17).category()).isEqualTo(SYSTEM);
    }

    @Test
    void userRulesOverrideTheTable() {
        Classification mine = Classification.of(RESOURCE, ErrorSeverity.HIGH, PERMANENT)
                .withErrorType("proxy")
                .withRetryAfter(Optional.of(Duration.ofSeconds(1)));
        ErrorClassifier withRules = ErrorClassifier.builder()
                .rule(_ -> {
                    throw new IllegalStateException("careless rule");
                })
                .rule(ConnectException.class, mine)
                .build();

        assertThat(withRules.classify(new IllegalArgumentException(new ConnectException())))
                .isEqualTo(mine);
        assertThat(withRules.classify(new IllegalArgumentException()).category())
                .isEqualTo(VALIDATION);
    }

    private static final class SelfCausedException extends CompletionException {
        @Override
        public synchronized Throwable getCause() {
            return this;
        }
    }

    private static final class AnswerException extends RuntimeException implements HttpStatusFailure, RetryAfter {
        private final int status;
        private final transient Optional<Duration> retryAfter;

        AnswerException(int status, Optional<Duration> retryAfter) {
            this.status = status;
            this.retryAfter = retryAfter;
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }
}
