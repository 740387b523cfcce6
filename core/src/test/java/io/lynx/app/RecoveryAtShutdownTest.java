package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryStrategy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application gives its recovery manager, and what it reports of recoveries when it shuts down. */
class RecoveryAtShutdownTest {
    @TempDir
    Path directory;

    private static Application.Builder builder() {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .plugin(RecordingPlugin.named("cache"));
    }

    private static ErrorRecord recorded(Application application) {
        application.recovery().recordError("network", "lost", "cache", ErrorSeverity.LOW, Map.of());
        return application.recovery().recentErrors(1).getFirst();
    }

    @Test
    void errorsAndPluginsKnowTheProfilesAndTheVersion() throws Exception {
        RecordingPlugin shop = RecordingPlugin.named("shop");
        for (String profile : new String[] {"prod", "eu"}) {
            Path _ = Files.writeString(
                    directory.resolve("config-" + profile + ".yml"), "lynx: {}\n", StandardCharsets.UTF_8);
        }
        Application application = builder()
                .plugin(shop)
                .configure(sources -> sources.workingDirectory(directory))
                .args("--profile", "prod,eu")
                .build();
        application.start();

        ErrorRecord error = recorded(application);

        assertThat(error.environment()).isEqualTo("prod,eu");
        assertThat(error.version()).isEqualTo("1.2.3");
        assertThat(Objects.requireNonNull(shop.context).profiles()).containsExactly("prod", "eu");
        assertThat(application.stop().isClean()).isTrue();
    }

    @Test
    void environmentIsEmptyWithoutAProfile() throws Exception {
        Application application = builder().build();
        application.start();

        assertThat(recorded(application).environment()).isEmpty();
        assertThat(application.stop().isClean()).isTrue();
    }

    @Test
    void exhaustedRecoveryEndsTheApplicationAsUnavailableIfConfigured() throws Exception {
        Application application = builder()
                .set("lynx.error_recovery.on_exhausted", "shutdown")
                .set("lynx.error_recovery.max_restarts", "0")
                .build();
        application.start();

        application.recovery().recordError("plugin", "lost", "cache", ErrorSeverity.HIGH, Map.of());
        ShutdownReport report = application.awaitStop();

        assertThat(report.trigger()).isInstanceOf(ShutdownTrigger.RecoveryExhausted.class);
        assertThat(report.trigger().toString())
                .isEqualTo("recovery: component 'cache' was quarantined: 0 restarts within 300s did not help");
        assertThat(report.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    }

    @Test
    void reportNamesTheRecoveryThatDoesNotEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Application application = builder().build();
        application.start();
        var _ = application
                .recovery()
                .registerRecoveryStrategy("network", RecoveryStrategy.fallback(_ -> hang(begun, release)));
        application.recovery().recordError("network", "lost", "cache", ErrorSeverity.HIGH, Map.of());
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        ShutdownReport report = application.stop();
        release.countDown();

        assertThat(report.cutOff()).singleElement().satisfies(work -> {
            assertThat(work.name()).isEqualTo("recovery of component 'cache': strategy 'fallback'");
            assertThat(work.age()).isPositive();
            assertThat(work.stack()).anyMatch(frame -> frame.contains("RecoveryAtShutdownTest.hang"));
        });
        assertThat(report.requestsFailed()).isZero();
    }

    private static void hang(CountDownLatch begun, CountDownLatch release) {
        begun.countDown();
        while (release.getCount() > 0) {
            try {
                release.await();
            } catch (InterruptedException ignored) {
                // Deaf on purpose.
            }
        }
    }
}
