package io.lynx.recovery.classify;

import static io.lynx.recovery.Classification.Disposition.CANCELLED;
import static io.lynx.recovery.Classification.Disposition.FATAL;
import static io.lynx.recovery.Classification.Disposition.PERMANENT;
import static io.lynx.recovery.Classification.Disposition.REJECTED;
import static io.lynx.recovery.Classification.Disposition.THROTTLED;
import static io.lynx.recovery.Classification.Disposition.TRANSIENT;
import static io.lynx.recovery.Classification.Disposition.UNKNOWN;
import static io.lynx.recovery.ErrorCategory.CONFIGURATION;
import static io.lynx.recovery.ErrorCategory.DATABASE;
import static io.lynx.recovery.ErrorCategory.NETWORK;
import static io.lynx.recovery.ErrorCategory.RESOURCE;
import static io.lynx.recovery.ErrorCategory.SECURITY;
import static io.lynx.recovery.ErrorCategory.SYSTEM;
import static io.lynx.recovery.ErrorCategory.TIMEOUT;
import static io.lynx.recovery.ErrorCategory.VALIDATION;
import static io.lynx.recovery.ErrorSeverity.CRITICAL;
import static io.lynx.recovery.ErrorSeverity.HIGH;
import static io.lynx.recovery.ErrorSeverity.LOW;
import static io.lynx.recovery.ErrorSeverity.MEDIUM;

import io.lynx.config.ConfigurationException;
import io.lynx.extension.UserCode;
import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.resilience.CallRejectedException;
import io.lynx.resilience.CallTimeoutException;
import io.lynx.resilience.Retry.RetryAfter;
import java.io.EOFException;
import java.lang.reflect.InvocationTargetException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Classifies exceptions by their types, without rules of the application. Stateless and thread-safe. */
public final class ClassificationTable {
    private static final int MAX_CAUSES = 16;

    private ClassificationTable() {}

    /**
     * Returns the exception and its causes, the outermost first and at most 16, without the wrappers of futures and
     * reflection. A wrapper without a cause stands for itself, so the list is never empty.
     */
    public static List<Throwable> causes(Throwable throwable) {
        Throwable cause = UserCode.causeOf(throwable);
        if (cause == null && !isWrapper(throwable)) {
            return List.of(throwable);
        }
        List<Throwable> chain = new ArrayList<>(4);
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable at = throwable;
                at != null && seen.size() < MAX_CAUSES && seen.add(at);
                at = UserCode.causeOf(at)) {
            if (!isWrapper(at)) {
                chain.add(at);
            }
        }
        return chain.isEmpty() ? List.of(throwable) : chain;
    }

    private static boolean isWrapper(Throwable throwable) {
        return throwable instanceof ExecutionException
                || throwable instanceof CompletionException
                || throwable instanceof InvocationTargetException;
    }

    /** Returns the classification of {@code throwable}, its causes aside; empty if the table does not know it. */
    public static Optional<Classification> find(Throwable throwable) {
        Classification found =
                switch (throwable) {
                    case HttpStatusFailure answer -> ofHttp(answer.status(), retryAfter(throwable));
                    case CallRejectedException refusal ->
                        Classification.of(RESOURCE, LOW, REJECTED).withRetryAfter(refusal.retryAfter());
                    case CallTimeoutException _, SocketTimeoutException _, TimeoutException _ ->
                        Classification.of(TIMEOUT, MEDIUM, TRANSIENT);
                    case InterruptedException _, CancellationException _, ClosedByInterruptException _ ->
                        Classification.of(SYSTEM, LOW, CANCELLED);
                    case SSLHandshakeException _, SSLPeerUnverifiedException _ ->
                        Classification.of(SECURITY, HIGH, PERMANENT);
                    case SocketException _,
                            UnknownHostException _,
                            UnresolvedAddressException _,
                            ClosedChannelException _,
                            EOFException _,
                            SSLException _ -> Classification.of(NETWORK, MEDIUM, TRANSIENT);
                    case VirtualMachineError _, LinkageError _ -> Classification.of(SYSTEM, CRITICAL, FATAL);
                    case RejectedExecutionException _ -> Classification.of(RESOURCE, MEDIUM, THROTTLED);
                    case AccessDeniedException _, GeneralSecurityException _, SecurityException _ ->
                        Classification.of(SECURITY, MEDIUM, PERMANENT);
                    case FileSystemException _ -> Classification.of(RESOURCE, MEDIUM, UNKNOWN);
                    case ConfigurationException _ -> Classification.of(CONFIGURATION, HIGH, PERMANENT);
                    case ClassifiedFailure failure -> failure.classification();
                    case IllegalArgumentException _ -> Classification.of(VALIDATION, LOW, PERMANENT);
                    default -> ofNamed(throwable);
                };
        return Optional.ofNullable(found);
    }

    /** Classifies the types of optional modules by the names of their classes. */
    private static @Nullable Classification ofNamed(Throwable throwable) {
        for (Class<?> type = throwable.getClass(); type != null; type = type.getSuperclass()) {
            switch (type.getName()) {
                case "java.sql.SQLException" -> {
                    return SqlTable.of(throwable);
                }
                case "io.grpc.StatusRuntimeException", "io.grpc.StatusException" -> {
                    return ofGrpc(throwable.getMessage());
                }
                case "java.net.http.HttpTimeoutException" -> {
                    return Classification.of(TIMEOUT, MEDIUM, TRANSIENT);
                }
                default -> {}
            }
        }
        return null;
    }

    private static Optional<Duration> retryAfter(Throwable throwable) {
        return throwable instanceof RetryAfter patient ? patient.retryAfter() : Optional.empty();
    }

    private static @Nullable Classification ofHttp(int status, Optional<Duration> retryAfter) {
        return switch (status) {
            case 401, 403 -> Classification.of(SECURITY, MEDIUM, PERMANENT);
            case 408, 504 -> Classification.of(TIMEOUT, MEDIUM, TRANSIENT).withRetryAfter(retryAfter);
            case 425, 500, 502 -> Classification.of(NETWORK, MEDIUM, TRANSIENT).withRetryAfter(retryAfter);
            case 429, 503 -> Classification.of(RESOURCE, MEDIUM, THROTTLED).withRetryAfter(retryAfter);
            default -> ofHttpClass(status / 100);
        };
    }

    private static @Nullable Classification ofHttpClass(int statusClass) {
        return switch (statusClass) {
            case 4 -> Classification.of(VALIDATION, LOW, PERMANENT);
            case 5 -> Classification.of(NETWORK, MEDIUM, UNKNOWN);
            default -> null;
        };
    }

    /** A gRPC exception's message is its status code, alone or followed by a colon and a description. */
    private static Classification ofGrpc(@Nullable String message) {
        String text = message == null ? "" : message;
        int colon = text.indexOf(':');
        return switch (colon < 0 ? text : text.substring(0, colon)) {
            case "UNAVAILABLE", "ABORTED" -> Classification.of(NETWORK, MEDIUM, TRANSIENT);
            case "RESOURCE_EXHAUSTED" -> Classification.of(RESOURCE, MEDIUM, THROTTLED);
            case "DEADLINE_EXCEEDED" -> Classification.of(TIMEOUT, MEDIUM, TRANSIENT);
            case "CANCELLED" -> Classification.of(SYSTEM, LOW, CANCELLED);
            case "INVALID_ARGUMENT",
                    "NOT_FOUND",
                    "ALREADY_EXISTS",
                    "FAILED_PRECONDITION",
                    "OUT_OF_RANGE",
                    "UNIMPLEMENTED" -> Classification.of(VALIDATION, LOW, PERMANENT);
            case "PERMISSION_DENIED", "UNAUTHENTICATED" -> Classification.of(SECURITY, MEDIUM, PERMANENT);
            case "DATA_LOSS" -> Classification.of(SYSTEM, HIGH, PERMANENT);
            default -> Classification.of(NETWORK, MEDIUM, UNKNOWN);
        };
    }

    /**
     * Classifies SQL exceptions by type and by the class of their SQLState (ISO/IEC 9075-2, 24). Loaded only when there is
     * such an exception, so that a run time without the module {@code java.sql} does not need it.
     */
    private static final class SqlTable {
        private static final String LIMIT_EXCEEDED = "53400";

        private SqlTable() {}

        static Classification of(Throwable throwable) {
            return switch (throwable) {
                case SQLTimeoutException _ -> Classification.of(TIMEOUT, MEDIUM, TRANSIENT);
                case SQLTransientConnectionException failure when isAnswer(failure) -> ofState(failure.getSQLState());
                case SQLTransientException _, SQLRecoverableException _ ->
                    Classification.of(DATABASE, MEDIUM, TRANSIENT);
                case SQLException failure -> ofState(failure.getSQLState());
                default -> Classification.of(DATABASE, MEDIUM, UNKNOWN);
            };
        }

        /**
         * Returns whether the server has answered with that state. The driver of MariaDB takes this type for each class of states that it
         * does not know, such as that of {@code SIGNAL SQLSTATE '45000'}. Pools take it for the failure to connect that is its cause.
         */
        private static boolean isAnswer(SQLTransientConnectionException failure) {
            String state = failure.getSQLState();
            return state != null
                    && state.length() >= 2
                    && !state.startsWith("08")
                    && !(failure.getCause() instanceof SQLException);
        }

        private static Classification ofState(@Nullable String state) {
            String stateClass = state == null || state.length() < 2 ? "" : state.substring(0, 2);
            if (LIMIT_EXCEEDED.equals(state)) {
                return Classification.of(DATABASE, MEDIUM, PERMANENT); // A limit that the statement itself exceeds.
            }
            return switch (stateClass) {
                case "08", "40", "53", "57", "58" -> Classification.of(DATABASE, MEDIUM, TRANSIENT);
                case "22", "23" -> Classification.of(VALIDATION, LOW, PERMANENT);
                case "28" -> Classification.of(SECURITY, MEDIUM, PERMANENT);
                case "42" -> Classification.of(DATABASE, MEDIUM, PERMANENT);
                default -> Classification.of(DATABASE, MEDIUM, UNKNOWN);
            };
        }
    }
}
