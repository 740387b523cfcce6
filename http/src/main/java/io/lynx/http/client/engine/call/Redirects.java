package io.lynx.http.client.engine.call;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows redirects (RFC 9110, 15.4) within the server of the client: one that leads elsewhere is the answer of the call, so that
 * no header reaches another server. Stateless.
 */
public final class Redirects {
    private Redirects() {}

    /** Returns the next call; null if the answer is not a redirect that can be followed. */
    public static @Nullable OutgoingRequest next(
            OutgoingRequest request, Answer answer, String scheme, String authority) {
        Optional<String> target =
                switch (answer.status()) {
                    case 301, 302, 303, 307, 308 ->
                        answer.header("location")
                                .flatMap(location -> target(location, request.target(), scheme, authority));
                    default -> Optional.empty();
                };
        if (target.isEmpty()) {
            return null;
        }
        boolean isSafe = request.method().equals("GET") || request.method().equals("HEAD");
        boolean becomesGet = !isSafe
                && (answer.status() == 303
                        || (answer.status() < 303 && request.method().equals("POST")));
        if (becomesGet) {
            return request.redirected("GET", target.get(), withoutContent(request.headers()), null);
        }
        return request.isAvailable()
                ? request.redirected(request.method(), target.get(), request.headers(), request.body())
                : null;
    }

    private static Optional<String> target(String location, String target, String scheme, String authority) {
        try {
            URI to = URI.create(scheme + "://" + authority + target).resolve(location);
            boolean isSame =
                    scheme.equalsIgnoreCase(to.getScheme()) && authority.equalsIgnoreCase(to.getRawAuthority());
            if (!isSame) {
                return Optional.empty();
            }
            URI plain = URI.create(to.toASCIIString());
            String path = plain.getRawPath() == null || plain.getRawPath().isEmpty() ? "/" : plain.getRawPath();
            return Optional.of(plain.getRawQuery() == null ? path : path + "?" + plain.getRawQuery());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static List<String> withoutContent(List<String> headers) {
        List<String> kept = new ArrayList<>(headers.size());
        for (int i = 0; i < headers.size(); i += 2) {
            if (!headers.get(i).startsWith("content-")) {
                kept.add(headers.get(i));
                kept.add(headers.get(i + 1));
            }
        }
        return kept;
    }
}
