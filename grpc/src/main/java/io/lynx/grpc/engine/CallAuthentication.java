package io.lynx.grpc.engine;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.lynx.context.RequestContext;
import io.lynx.extension.UserCode;
import io.lynx.grpc.CallAccess;
import io.lynx.grpc.GrpcConfig.DefaultAccess;
import io.lynx.resilience.CallRejectedException;
import io.lynx.security.Authenticator;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Authenticator.Credentials;
import io.lynx.security.Principal;
import io.lynx.transport.Stream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Identifies callers by the authenticator that the plugin security shares, and refuses those that the rule of a service does not allow.
 * Credentials that cannot be judged are answered with {@code UNAVAILABLE}: a client that received {@code UNAUTHENTICATED} would throw away a good token.
 * Thread-safe.
 */
public final class CallAuthentication {
    private static final Logger log = LoggerFactory.getLogger(CallAuthentication.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final @Nullable Authenticator authenticator;
    private final DefaultAccess defaultAccess;

    /**
     * Creates the authentication of a server.
     *
     * @param authenticator identifies callers; null if nothing does
     */
    public CallAuthentication(@Nullable Authenticator authenticator, DefaultAccess defaultAccess) {
        this.authenticator = authenticator;
        this.defaultAccess = defaultAccess;
    }

    /**
     * Returns what applies a rule.
     *
     * @param rule null for the default, which requires nothing while nothing authenticates
     * @param isEnforced whether callers that it does not allow are refused
     */
    ServerInterceptor of(@Nullable CallAccess rule, boolean isEnforced) {
        return new Rule(rule, isEnforced);
    }

    private final class Rule implements ServerInterceptor {
        private final @Nullable CallAccess own;
        private final boolean isEnforced;

        Rule(@Nullable CallAccess own, boolean isEnforced) {
            this.own = own;
            this.isEnforced = isEnforced;
        }

        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            Authenticator checks = authenticator;
            CallAccess rule = own == null ? defaultRule(checks) : own;
            if (rule.identity() == CallAccess.Identity.NONE) {
                return next.startCall(call, headers);
            }
            Optional<Principal> caller;
            try {
                caller = checks == null
                        ? Optional.empty()
                        : identify(checks, headers, call.getAttributes().get(CallAttributes.STREAM));
            } catch (AuthenticationException invalid) {
                log.debug("Invalid credentials: {}", invalid.getMessage());
                return refused(call, Status.UNAUTHENTICATED.withDescription("the credentials are not valid"), null);
            } catch (CallRejectedException tooMany) {
                return refused(
                        call,
                        Status.RESOURCE_EXHAUSTED.withDescription("too many invalid credentials"),
                        tooMany.retryAfter().orElse(RETRY));
            } catch (Exception failure) {
                log.debug("Credentials cannot be judged: {}", UserCode.describe(failure));
                return refused(
                        call,
                        Status.UNAVAILABLE
                                .withDescription("the credentials cannot be checked now; try again later")
                                .withCause(new UnjudgedCredentialsException()),
                        RETRY);
            }
            if (caller.isEmpty() && rule.needsPrincipal() && isEnforced) {
                return refused(call, Status.UNAUTHENTICATED.withDescription("authentication is required"), null);
            }
            if (caller.isPresent()) {
                if (isEnforced && !rule.allows(caller.get())) {
                    return refused(
                            call,
                            Status.PERMISSION_DENIED.withDescription("the caller is not allowed to do this"),
                            null);
                }
                RequestContext.current().authenticated(caller.get());
            }
            return next.startCall(call, headers);
        }

        private CallAccess defaultRule(@Nullable Authenticator checks) {
            return checks == null || defaultAccess == DefaultAccess.ANONYMOUS
                    ? CallAccess.anonymous()
                    : CallAccess.authenticated();
        }
    }

    /** A bearer token that is not accepted is invalid: a caller that sends one must not be served as one without credentials. */
    private static Optional<Principal> identify(Authenticator checks, Metadata headers, @Nullable Stream stream)
            throws Exception {
        Credentials credentials = new MetadataCredentials(headers, stream);
        Optional<Principal> caller = checks.authenticate(credentials);
        if (caller.isEmpty() && credentials.bearerToken().isPresent()) {
            throw new AuthenticationException("token: not of a kind that is checked");
        }
        return caller;
    }

    private static <Q> ServerCall.Listener<Q> refused(
            ServerCall<Q, ?> call, Status status, @Nullable Duration retryAfter) {
        call.close(status, retryAfter == null ? new Metadata() : ErrorDetails.retryTrailers(status, retryAfter));
        return new ServerCall.Listener<>() {};
    }

    /** The cause of a refusal that is not a failure of the service. */
    static final class UnjudgedCredentialsException extends Exception {
        UnjudgedCredentialsException() {
            super("the credentials cannot be checked now", null, false, false);
        }
    }

    /** What a call presents. */
    private record MetadataCredentials(
            Metadata headers, @Nullable Stream stream) implements Credentials {
        @Override
        public List<String> headers(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                return List.of();
            }
            Iterable<String> values = headers.getAll(Metadata.Key.of(lower, Metadata.ASCII_STRING_MARSHALLER));
            List<String> all = new ArrayList<>(1);
            if (values != null) {
                values.forEach(all::add);
            }
            return all;
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return stream == null ? InetSocketAddress.createUnresolved("", 0) : stream.peer();
        }

        @Override
        public List<X509Certificate> certificates() {
            return stream == null ? List.of() : stream.clientCertificates();
        }
    }
}
