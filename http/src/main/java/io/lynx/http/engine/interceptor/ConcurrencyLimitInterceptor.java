package io.lynx.http.engine.interceptor;

import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.LimitKey;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.engine.problem.Refusal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests above a number that is handled at a time with 503, or with 429 where each client has a limit of its own. It keeps
 * something only for clients whose requests are being handled. Thread-safe.
 */
public final class ConcurrencyLimitInterceptor implements Interceptor {
    private final int most;
    private final @Nullable LimitKey key;
    private final ConcurrentHashMap<String, Integer> running = new ConcurrentHashMap<>();

    /**
     * A limit.
     *
     * @param key null if all requests share the limit
     * @throws IllegalArgumentException if {@code most} is less than 1
     */
    public ConcurrencyLimitInterceptor(int most, @Nullable LimitKey key) {
        if (most < 1) {
            throw new IllegalArgumentException("concurrency limit: " + most + "; 1 or more requests at a time");
        }
        this.most = most;
        this.key = key;
    }

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        String client = key == null ? "" : key.of(request);
        if (!take(client)) {
            throw key == null
                    ? Refusal.unavailable("too many requests of this kind at a time")
                    : new Refusal(429, "too many requests at a time", Map.of("Retry-After", "1"));
        }
        try {
            next.handle(request, response);
        } finally {
            Integer _ = running.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Refused requests are not counted: a flood of them does not keep a place from others. */
    private boolean take(String client) {
        while (true) {
            Integer count = running.putIfAbsent(client, 1);
            if (count == null || (count < most && running.replace(client, count, count + 1))) {
                return true;
            }
            if (count >= most) {
                return false;
            }
        }
    }
}
