package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.lynx.config.Config.ConfigEntry;
import io.lynx.config.ConfigEvent;
import io.lynx.config.ConfigurationException;
import io.lynx.config.Default;
import io.lynx.config.ReloadReport;
import io.lynx.event.Event;
import io.lynx.event.TopicFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of a plugin that change while it runs. */
class PluginReloadTest {
    @TempDir
    private Path directory;

    private final List<Integer> received = new CopyOnWriteArrayList<>();
    private final RecordingBackend logging = new RecordingBackend();
    private volatile @Nullable Error error;
    private volatile Runnable onChange = () -> {};
    private final RecordingPlugin till = new RecordingPlugin(
            "till",
            it -> it.config("till", Till.class),
            context -> context.onReload(Till.class, this::changed, "drawers"));

    private final RecordingPlugin printer =
            new RecordingPlugin("printer", it -> it.config("till", Printer.class), _ -> {});
    private final RecordingPlugin spare =
            new RecordingPlugin("spare", it -> it.config("till.spare", Till.class), _ -> {});

    record Till(@Default("1") int drawers, @Default("red") String colour) {}

    record Printer(@Default("80") int width) {}

    private void changed(Till now) {
        if (now.drawers() > 5) {
            throw new IllegalArgumentException("till.drawers: " + now.drawers() + "; at most 5");
        }
        received.add(now.drawers());
        onChange.run();
        Error failure = error;
        if (failure != null) {
            throw failure;
        }
    }

    private Application start() throws IOException {
        write("till: {drawers: 1, colour: red}");
        Application application = Application.builder()
                .discoverPlugins(false)
                .configure(sources -> {
                    var _ = sources.workingDirectory(directory);
                })
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.metrics.prometheus.enabled", "false")
                .logging(logging)
                .plugin(till)
                .plugin(printer)
                .plugin(spare)
                .build();
        application.start();
        return application;
    }

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve("config.yml"), text);
    }

    private static String value(Application application, String key) {
        return application.configuration().stream()
                .filter(entry -> entry.key().equals(key))
                .map(ConfigEntry::value)
                .findAny()
                .orElse("no such key");
    }

    @Test
    void onlyItsKeysChangeBeforeItsNextStart() throws IOException {
        try (Application application = start()) {
            write("till: {drawers: 2, colour: blue}");

            ReloadReport report = application.reload();

            assertThat(received).containsExactly(2);
            assertThat(report.appliedKeys()).containsExactly("till.drawers");
            assertThat(report.restartRequiredKeys()).containsExactly("till.colour");
        }
    }

    @Test
    void aRestartLeavesTheSectionsOfOtherPluginsPending() throws Exception {
        try (Application application = start()) {
            write("till: {colour: blue, width: 58, spare: {colour: green}}");
            assertThat(application.reload().restartRequiredKeys())
                    .containsExactly("till.colour", "till.spare.colour", "till.width");

            application.restart("till");

            assertThat(value(application, "till.colour")).isEqualTo("blue");
            assertThat(value(application, "till.width")).isEqualTo("80");
            assertThat(value(application, "till.spare.colour")).isEqualTo("red");
            assertThat(application.reload().restartRequired())
                    .extracting(ReloadReport.Change::key, ReloadReport.Change::plugin)
                    .containsExactly(tuple("till.spare.colour", "spare"), tuple("till.width", "printer"));

            application.restart("printer");
            application.restart("spare");
            assertThat(application.reload().restartRequired()).isEmpty();
        }
    }

    @Test
    void aRefusalRefusesTheReload() throws IOException {
        try (Application application = start()) {
            write("till: {drawers: 9}");

            assertThatThrownBy(application::reload)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("at most 5");

            assertThat(received).containsExactly(1);
        }
    }

    /** The same error each time, also when it receives its old record again. */
    @Test
    void anErrorRefusesTheReloadAsAWhole() throws IOException {
        try (Application application = start()) {
            error = new NoClassDefFoundError("shop/Ledger");
            write("{lynx: {log: {level: debug}}, till: {drawers: 2, colour: red}}");

            assertThatThrownBy(application::reload)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("configuration: could not be applied; java.lang.NoClassDefFoundError: shop/Ledger")
                    .hasCause(error);

            assertThat(received).containsExactly(2, 1);
            assertThat(logging.applied).extracting(LogConfig::level).endsWith(LogLevel.DEBUG, LogLevel.INFO);
            assertThat(value(application, "lynx.log.level")).isEqualTo("info");
            assertThat(application.events().history(TopicFilter.bus("config")))
                    .last()
                    .extracting(Event::payload)
                    .isInstanceOf(ConfigEvent.Refused.class);
            error = null;
            assertThat(application.reload().appliedKeys()).containsExactly("lynx.log.level", "till.drawers");
        }
    }

    @Test
    void aReloadByCodeThatAReloadCallsIsRefused() throws IOException {
        AtomicReference<@Nullable Throwable> inner = new AtomicReference<>();
        try (Application application = start()) {
            onChange = () -> inner.set(catchThrowable(application::reload));
            write("till: {drawers: 2, colour: red}");

            assertThat(application.reload().appliedKeys()).containsExactly("till.drawers");

            assertThat(received).containsExactly(2);
            assertThat(inner.get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "configuration: cannot be reloaded now; another reload is in progress for ");
        }
    }

    @Test
    void aPluginThatIsStartedAgainReceivesChangesOnce() throws Exception {
        try (Application application = start()) {
            application.restart("till");
            write("till: {drawers: 3, colour: red}");

            ReloadReport report = application.reload();

            assertThat(received).containsExactly(3);
            assertThat(report.restartRequired()).isEmpty();
        }
    }
}
