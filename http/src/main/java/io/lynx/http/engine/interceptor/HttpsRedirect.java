package io.lynx.http.engine.interceptor;

import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.HttpsRedirectConfig;
import io.lynx.http.Interceptor;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.engine.head.HostText;
import io.lynx.transport.CertificateStatus;
import io.lynx.transport.Listener;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests without TLS to HTTPS. Requests that change something are refused: what they carry has been sent unprotected, and a
 * redirect would hide that from whoever wrote the client. The host of a redirect is one that is configured or that a certificate is
 * for, whatever the client names. Thread-safe.
 */
public final class HttpsRedirect implements Interceptor {
    private static final int USUAL_PORT = 443;

    private final HttpsRedirectConfig config;
    private final Listener https;
    private final boolean isAlone;

    /**
     * Redirects to the listener {@code https}.
     *
     * @param isAlone whether there is nothing else at this address, so that requests by HTTPS have come here by mistake
     */
    public HttpsRedirect(HttpsRedirectConfig config, Listener https, boolean isAlone) {
        this.config = config;
        this.https = https;
        this.isAlone = isAlone;
    }

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        if (!request.scheme().equals("https")) {
            redirect(request, response);
        } else if (isAlone) {
            // Redirected, it would come back for ever.
            throw new HttpException(
                    421, "this port only redirects to HTTPS; the proxy must forward requests by HTTPS to another port");
        } else {
            next.handle(request, response);
        }
    }

    private void redirect(Request request, Response response) {
        String method = request.method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new HttpException(403, "use HTTPS; what this request carries has been sent unprotected");
        }
        String host = request.host().map(HostText::name).orElse("");
        if (host.isEmpty()) {
            throw new HttpException(400, "header Host: it is missing or malformed");
        }
        if (!isServed(host.toLowerCase(Locale.ROOT))) {
            throw new HttpException(421, "this server does not serve the host of the request");
        }
        int port = config.httpsPort().orElseGet(() -> https.certificates().isPresent() ? https.port() : USUAL_PORT);
        response.header("Cache-Control", "max-age=3600");
        response.redirect(308, "https://" + HostText.withPort(host, port, "https") + target(request));
    }

    private static String target(Request request) {
        String target = request instanceof InterceptedRequest ours ? ours.target() : request.path();
        int query = target.indexOf('?');
        return query < 0 ? request.path() : request.path() + target.substring(query);
    }

    private boolean isServed(String host) {
        Stream<String> served = config.hosts().isEmpty()
                ? https.certificates().stream()
                        .flatMap(status -> status.certificates().stream())
                        .map(CertificateStatus.Used::names)
                        .flatMap(List::stream)
                : config.hosts().stream();
        String address = address(host);
        return served.anyMatch(name -> address == null ? covers(name, host) : address.equals(address(name)));
    }

    /** A wildcard stands for one whole first label. */
    private static boolean covers(String name, String host) {
        int dot = host.indexOf('.');
        return name.equals(host) || (dot > 0 && name.equals("*" + host.substring(dot)));
    }

    /** Returns the usual form of a literal address; null for a name. */
    private static @Nullable String address(String host) {
        boolean isLiteral = host.startsWith("[") || host.contains(":") || host.matches("[0-9.]+");
        if (!isLiteral) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
                    .getHostAddress();
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
