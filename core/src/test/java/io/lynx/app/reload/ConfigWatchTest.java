package io.lynx.app.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigEvent;
import io.lynx.config.ConfigSources;
import io.lynx.config.ConfigurationException;
import io.lynx.config.FileContents;
import io.lynx.extension.Notifier;
import io.lynx.testkit.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private final Notifier<ConfigEvent> notifier = new Notifier<>(time);
    private final ConfigWatch watch = new ConfigWatch(time, notifier);
    private FileContents tried = FileContents.NONE;
    private int reloads;
    private RuntimeException failure = new ConfigurationException(List.of());
    private boolean isRefused;

    @BeforeEach
    void begin() throws IOException {
        write("a: 1");
        read();
        watch.begin(() -> tried, this::reload, INTERVAL);
    }

    private Path file() {
        return directory.resolve("config.yml");
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }

    private void read() {
        tried = tried.then(
                ConfigSources.none().workingDirectory(directory).load().contents());
    }

    private void reload() {
        reloads++;
        read();
        if (isRefused) {
            throw failure;
        }
    }

    private void looks(int times) {
        time.advance(INTERVAL.multipliedBy(times));
    }

    @Test
    void doesNotReloadUnchangedFiles() throws IOException {
        looks(3);
        write("a: 1");
        looks(3);

        assertThat(reloads).isZero();
        assertThat(time.pending()).isEqualTo(1);
    }

    @Test
    void reloadsWhenAChangeHasSettled() throws IOException {
        looks(1);
        write("a: 2");

        looks(1);
        assertThat(reloads).isZero();
        looks(1);
        assertThat(reloads).isEqualTo(1);
        looks(5);
        assertThat(reloads).isEqualTo(1);
    }

    @Test
    void waitsForAFileThatIsBeingWritten() throws IOException {
        for (int i = 0; i < 5; i++) {
            write("a: " + "1".repeat(i + 2));
            looks(1);
        }
        assertThat(reloads).isZero();

        looks(1);
        assertThat(reloads).isEqualTo(1);
    }

    @Test
    void triesARefusedContentOnce() throws IOException {
        isRefused = true;
        write("a: 2");
        looks(5);
        assertThat(reloads).isEqualTo(1);

        write("a: 3");
        looks(5);
        assertThat(reloads).isEqualTo(2);
    }

    @Test
    void continuesAfterAFailure() throws IOException {
        isRefused = true;
        failure = new UnsupportedOperationException("by a test");
        write("a: 2");
        looks(2);
        isRefused = false;
        write("a: 3");
        looks(2);

        assertThat(reloads).isEqualTo(2);
    }

    @Test
    void refusesAFileThatVanishesAndContinuesWatching() throws IOException {
        List<ConfigEvent> events = new ArrayList<>();
        notifier.add("test", events::add);

        Files.delete(file());
        looks(5);
        assertThat(reloads).isZero();
        assertThat(events).singleElement().isInstanceOfSatisfying(ConfigEvent.Refused.class, refused -> assertThat(
                        refused.problems())
                .singleElement()
                .asString()
                .contains("config.yml", "does not exist any more"));

        write("a: 1");
        looks(3);
        assertThat(reloads).isZero();

        write("a: 2");
        looks(2);
        assertThat(reloads).isEqualTo(1);
    }

    @Test
    void noticesALinkThatPointsToAnotherFile() throws IOException {
        Files.createDirectory(directory.resolve("v1"));
        Files.createDirectory(directory.resolve("v2"));
        Files.writeString(directory.resolve("v1/config.yml"), "a: 1");
        Files.writeString(directory.resolve("v2/config.yml"), "a: 2");
        Path data = Files.createSymbolicLink(directory.resolve("data"), Path.of("v1"));
        Files.delete(file());
        Files.createSymbolicLink(file(), Path.of("data/config.yml"));
        looks(3);
        assertThat(reloads).isZero();

        Files.createSymbolicLink(directory.resolve("new"), Path.of("v2"));
        Files.move(
                directory.resolve("new"),
                data,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        looks(2);

        assertThat(reloads).isEqualTo(1);
    }

    @Test
    void appliesAChangedIntervalAtOnce() throws IOException {
        watch.every(Duration.ofSeconds(1));
        write("a: 2");

        time.advance(Duration.ofSeconds(2));

        assertThat(reloads).isEqualTo(1);
        assertThat(time.pending()).isEqualTo(1);
    }

    @Test
    void readsNothingWhenItIsDisabledOrStopped() throws IOException {
        watch.every(Duration.ZERO);
        write("a: 2");
        looks(3);
        assertThat(time.pending()).isZero();

        watch.stop();
        watch.every(INTERVAL);
        looks(3);
        assertThat(reloads).isZero();
        assertThat(time.pending()).isZero();
    }

    /** As when what is reloaded says so. */
    @Test
    void canBeChangedByItsOwnReload() throws IOException {
        ConfigWatch changed = new ConfigWatch(time, new Notifier<>(time));
        watch.stop();
        changed.begin(
                () -> tried,
                () -> {
                    reload();
                    changed.every(Duration.ofSeconds(1));
                },
                INTERVAL);
        write("a: 2");
        looks(2);

        assertThat(reloads).isEqualTo(1);
        assertThat(time.pending()).isEqualTo(1);
    }
}
