package io.lynx.http.engine.body;

import io.lynx.http.HttpConfig;
import io.lynx.http.engine.routing.RouteTarget;

/** How a server receives the bodies of requests, and the space that it has for uploads. Thread-safe. */
public final class BodyRules {
    private final long usualLimit;
    private final boolean isDecompressing;
    private final UploadStorage uploads;

    /** The rules of a server. */
    public BodyRules(HttpConfig config) {
        this.usualLimit = config.maxBodySize().bytes();
        this.isDecompressing = config.decompression();
        this.uploads = new UploadStorage(config.maxUploadStorage().bytes());
    }

    /** The largest body, in bytes. A handler on the event loop gets it whole, so what is held at most limits it too. */
    long limit(RouteTarget target) {
        long most = target.maxBody(usualLimit);
        return target.isNonBlocking() ? Math.min(most, Body.FULL) : most;
    }

    /** Whether compressed bodies are decompressed. */
    boolean isDecompressing() {
        return isDecompressing;
    }

    UploadStorage uploads() {
        return uploads;
    }
}
