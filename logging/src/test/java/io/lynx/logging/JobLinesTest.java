package io.lynx.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.lynx.app.Application;
import io.lynx.job.Schedule;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lines of jobs that fail. */
class JobLinesTest {
    private static final int RUNS = 5;

    @RegisterExtension
    private final RecordedLines lines = new RecordedLines("io.lynx");

    /** Runs a job that fails until it has run several times. */
    private static final class Failing implements Plugin {
        private final Exception failure;
        private final CountDownLatch runs = new CountDownLatch(RUNS);

        Failing(Exception failure) {
            this.failure = failure;
        }

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("shop").build();
        }

        @Override
        public void start(PluginContext context) {
            var _ = context.schedule("report", Schedule.every(Duration.ofMillis(10)), _ -> {
                runs.countDown();
                throw failure;
            });
        }
    }

    private List<ILoggingEvent> linesOf(Exception failure) throws InterruptedException {
        Failing plugin = new Failing(failure);
        try (Application application = Application.builder()
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .discoverPlugins(false)
                .plugin(plugin)
                .build()) {
            application.start();
            assertThat(plugin.runs.await(30, TimeUnit.SECONDS)).isTrue();
            application.requestStop("test");
            assertThat(application.awaitStop().isClean()).isTrue();
        }
        return lines.events().stream()
                .filter(line -> line.getFormattedMessage().startsWith("Job 'report' ended with FAILURE"))
                .toList();
    }

    @Test
    void anOutageIsLoggedOnceAMinuteWithoutAStackTrace() throws InterruptedException {
        List<ILoggingEvent> failures = linesOf(new SQLTransientConnectionException("the database is away", "08001"));

        assertThat(failures).hasSize(1).first().satisfies(line -> {
            assertThat(line.getFormattedMessage()).endsWith("the database is away");
            assertThat(line.getThrowableProxy()).isNull();
        });
    }

    @Test
    void theSameFailureHasItsStackTraceOnceAMinute() throws InterruptedException {
        List<ILoggingEvent> failures = linesOf(new IllegalStateException("broken"));

        assertThat(failures).hasSizeGreaterThan(1);
        assertThat(failures.getFirst().getThrowableProxy()).isNotNull();
        assertThat(failures.subList(1, failures.size())).allSatisfy(line -> {
            assertThat(line.getThrowableProxy()).isNull();
            assertThat(line.getFormattedMessage()).endsWith("broken");
        });
    }
}
