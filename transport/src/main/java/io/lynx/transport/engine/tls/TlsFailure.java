package io.lynx.transport.engine.tls;

import io.lynx.extension.UserCode;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says why TLS with a server failed. Stateless. */
public final class TlsFailure {
    private static final int MAX_CAUSES = 16;

    private TlsFailure() {}

    /** Returns whether TLS failed, and not the connection. */
    public static boolean isTls(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
            if (at instanceof SSLException || at instanceof CertificateException) {
                return true;
            }
            at = UserCode.causeOf(at);
        }
        return false;
    }

    /** Returns the reason in one sentence without what the server has sent. */
    public static String describe(Throwable failure, String serverName) {
        String reason = "the TLS handshake failed";
        Throwable at = failure;
        // The innermost cause is the most exact.
        for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
            String known = of(at, serverName);
            reason = known == null ? reason : known;
            at = UserCode.causeOf(at);
        }
        return reason;
    }

    private static @Nullable String of(Throwable failure, String serverName) {
        return switch (failure) {
            case CertificateExpiredException _ -> "the server's certificate has expired";
            case CertificateNotYetValidException _ -> "the server's certificate is not valid yet";
            case CertPathBuilderException _, CertPathValidatorException _ ->
                "no trusted authority has issued the server's certificate";
            case CertificateException other
            when isAboutNames(other) -> "the server's certificate is not for " + serverName;
            case NotSslRecordException _ -> "the server does not use TLS on this port";
            case ClosedChannelException _ -> "the server closed the connection during the TLS handshake";
            case SSLException alert when isAboutOurs(alert) -> "the server refused the client's certificate";
            default -> null;
        };
    }

    private static boolean isAboutNames(CertificateException failure) {
        String message = "" + UserCode.messageOf(failure);
        return message.startsWith("No name matching") || message.startsWith("No subject alternative");
    }

    private static boolean isAboutOurs(SSLException failure) {
        String message = "" + UserCode.messageOf(failure);
        return message.contains("fatal alert")
                && (message.contains("certificate")
                        || message.contains("unknown_ca")
                        || message.contains("access_denied"));
    }
}
