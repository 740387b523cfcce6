package io.lynx.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AttachTracesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private Path working;
    private Path temporary;
    private AttachTraces traces;

    @BeforeEach
    void directories() throws IOException {
        working = Files.createDirectory(directory.resolve("working"));
        temporary = Files.createDirectory(directory.resolve("tmp"));
        traces = new AttachTraces(working, temporary, 42);
    }

    @Test
    void findsNoTraceWithoutFiles() {
        assertThat(traces.areFresh(NOW)).isFalse();
    }

    @Test
    void aRequestCountsInEitherDirectory() throws IOException {
        Path inWorking = write(working.resolve(".attach_pid42"), 1);
        assertThat(traces.areFresh(NOW)).isTrue();

        Files.delete(inWorking);
        assertThat(traces.areFresh(NOW)).isFalse();

        write(temporary.resolve(".attach_pid42"), 1);
        assertThat(traces.areFresh(NOW)).isTrue();
    }

    @Test
    void aRequestLeftBehindDoesNotCount() throws IOException {
        write(working.resolve(".attach_pid42"), 16);

        assertThat(traces.areFresh(NOW)).isFalse();
    }

    @Test
    void aNewListenerCountsAndAnOldOneDoesNot() throws IOException {
        Path socket = write(temporary.resolve(".java_pid42"), 4);
        assertThat(traces.areFresh(NOW)).isTrue();

        write(socket, 6);
        assertThat(traces.areFresh(NOW)).isFalse();
    }

    @Test
    void anotherProcessesFilesDoNotCount() throws IOException {
        write(temporary.resolve(".java_pid43"), 0);
        write(working.resolve(".attach_pid43"), 0);

        assertThat(traces.areFresh(NOW)).isFalse();
    }

    private static Path write(Path file, int secondsAgo) throws IOException {
        Files.writeString(file, "");
        return Files.setLastModifiedTime(file, FileTime.from(NOW.minusSeconds(secondsAgo)));
    }
}
