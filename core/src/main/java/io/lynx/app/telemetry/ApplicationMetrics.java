package io.lynx.app.telemetry;

import io.lynx.app.ApplicationConfig;
import io.lynx.app.ApplicationState;
import io.lynx.app.ApplicationView;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reports the application as a whole. Polled by one thread at a time. */
final class ApplicationMetrics implements MetricSource {
    private final ApplicationView application;
    private final ApplicationConfig identity;
    private final HealthScore score;
    private @Nullable BuildInfo build;

    ApplicationMetrics(ApplicationView application, ApplicationConfig identity, HealthScore score) {
        this.application = application;
        this.identity = identity;
        this.score = score;
    }

    @Override
    public void collect(Samples out) {
        Instant start = application.startedAt();
        out.add(Catalogue.APP_START_TIME, start.getEpochSecond() + start.getNano() / 1e9);
        out.add(Catalogue.APP_UPTIME, application.uptime().toNanos() / 1e9);
        out.add(Catalogue.SHUTDOWN_STATE, shutdownState(application.state()));
        out.add(Catalogue.HEALTH_SCORE, score.now());
        BuildInfo known = build;
        if (known == null) {
            known = BuildInfo.of(identity);
            build = known;
        }
        out.add(Catalogue.APP_VERSION, 1, known.version(), known.commit(), known.buildDate());
    }

    private static int shutdownState(ApplicationState state) {
        return switch (state) {
            case NEW, STARTING, READY -> 0;
            case DRAINING -> 1;
            case STOPPING, STOPPED, FAILED -> 2;
        };
    }
}
