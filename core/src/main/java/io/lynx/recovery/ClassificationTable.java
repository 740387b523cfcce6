package io.lynx.recovery;

import static io.lynx.recovery.Disposition.CANCELLED;
import static io.lynx.recovery.Disposition.FATAL;
import static io.lynx.recovery.Disposition.PERMANENT;
import static io.lynx.recovery.Disposition.REJECTED;
import static io.lynx.recovery.Disposition.THROTTLED;
import static io.lynx.recovery.Disposition.TRANSIENT;
import static io.lynx.recovery.Disposition.UNKNOWN;
import static io.lynx.recovery.ErrorCategory.CONFIGURATION;
import static io.lynx.recovery.ErrorCategory.NETWORK;
import static io.lynx.recovery.ErrorCategory.PLUGIN;
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
import io.lynx.container.PluginStartException;
import io.lynx.resilience.CallRejectedException;
import io.lynx.resilience.CallTimeoutException;
import io.lynx.resilience.RetryAfter;
import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What is known about exceptions without anybody's rules. Stateless. */
final class ClassificationTable {
    private ClassificationTable() {}

    /** What {@code throwable} means, its causes aside; empty if the table does not know it. */
    static Optional<Classification> find(Throwable throwable) {
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
                    case PluginStartException failure -> ofStart(failure);
                    case IllegalArgumentException _ -> Classification.of(VALIDATION, LOW, PERMANENT);
                    default -> ofNamed(throwable);
                };
        return Optional.ofNullable(found);
    }

    private static Classification ofStart(PluginStartException failure) {
        return switch (failure.reason()) {
            case FAILED -> Classification.of(PLUGIN, HIGH, UNKNOWN);
            case TIMED_OUT -> Classification.of(PLUGIN, HIGH, TRANSIENT);
            case CANCELLED -> Classification.of(PLUGIN, LOW, CANCELLED);
        };
    }

    /** Types of modules that need not be there are known by the names of their classes. */
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
}
