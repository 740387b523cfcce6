package io.lynx.app;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.Samples;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells of the application as a whole. One thread at a time, as it is asked. */
final class ApplicationSource implements MetricSource {
    private final ApplicationView application;
    private final Assembly assembly;
    private final Ticker ticker;
    private final HealthScore score;
    private final long began;
    private @Nullable BuildInfo build;

    ApplicationSource(ApplicationView application, Assembly assembly, Ticker ticker, HealthScore score) {
        this.application = application;
        this.assembly = assembly;
        this.ticker = ticker;
        this.score = score;
        Duration already = Duration.between(application.startedAt(), Instant.now());
        this.began = ticker.nanos() - already.toNanos();
    }

    @Override
    public void collect(Samples out) {
        Instant start = application.startedAt();
        out.add(Catalogue.APP_START_TIME, start.getEpochSecond() + start.getNano() / 1e9);
        out.add(Catalogue.APP_UPTIME, (ticker.nanos() - began) / 1e9);
        out.add(Catalogue.SHUTDOWN_STATE, shutdownState(application.state()));
        out.add(Catalogue.HEALTH_SCORE, score.now());
        BuildInfo known = build;
        if (known == null) {
            known = BuildInfo.of(assembly.blueprint().identity());
            build = known;
        }
        out.add(Catalogue.APP_VERSION, 1, known.version(), known.commit(), known.buildDate());
        configuration(out);
    }

    /** A configuration that has problems stops the start; what is left is what a person should look at. */
    private void configuration(Samples out) {
        int warnings = assembly.blueprint().binding().warnings().size();
        out.add(Catalogue.CONFIG_ERRORS, warnings, "start", "warning");
        out.add(Catalogue.CONFIG_ERRORS, (double) assembly.reload().problems(), "reload", "invalid");
        out.add(Catalogue.CONFIG_RELOADS, (double) assembly.reload().successes(), "success");
        out.add(Catalogue.CONFIG_RELOADS, (double) assembly.reload().failures(), "failure");
    }

    private static int shutdownState(ApplicationState state) {
        return switch (state) {
            case NEW, STARTING, READY -> 0;
            case DRAINING -> 1;
            case STOPPING, STOPPED, FAILED -> 2;
        };
    }
}
