package io.lynx.http.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a directory, which are kept in memory and compared once a second. */
class DirectoryFilesTest {
    private static final Duration MOMENT = Duration.ofMillis(999);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final FileTime TIME = FileTime.from(Instant.parse("2026-11-29T03:00:00Z"));

    private final ManualTime time = new ManualTime();
    private final MemoryShare memory = MemoryShare.of(200_000);

    @TempDir
    private Path temporary;

    private Path root;
    private DirectoryFiles files;

    @BeforeEach
    void directory() throws IOException {
        root = Files.createDirectory(temporary.resolve("public"));
        files = DirectoryFiles.of(root, new HeldFiles(time, memory));
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(root.resolve(name), content);
        Files.setLastModifiedTime(root.resolve(name), TIME);
    }

    private static @Nullable String text(@Nullable StaticFile file) throws IOException {
        if (file == null) {
            return null;
        }
        try (InputStream content = file.open(0)) {
            String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(file.size()).isEqualTo(text.length());
            return text;
        }
    }

    private @Nullable String text(String name) throws IOException {
        return text(files.find(name));
    }

    /** Lets the file become so old that it is no longer read again. */
    private void settle(String name) throws IOException {
        for (int i = 0; i < 4; i++) {
            assertThat(text(name)).isNotNull();
            time.advance(SECOND);
        }
        assertThat(text(name)).isNotNull();
    }

    @Test
    void aChangeIsSeenWithinASecond() throws IOException {
        write("a.txt", "first");
        settle("a.txt");
        String tag = Objects.requireNonNull(files.find("a.txt")).etag();

        Files.writeString(root.resolve("a.txt"), "other");

        time.advance(MOMENT);
        assertThat(text("a.txt")).isEqualTo("first");
        time.advance(SECOND.minus(MOMENT));
        assertThat(text("a.txt")).isEqualTo("other");
        assertThat(Objects.requireNonNull(files.find("a.txt")).etag()).isNotEqualTo(tag);
    }

    @Test
    void aFileThatIsReplacedByOneOfTheSameSizeAndTimeIsSeen() throws IOException {
        write("a.txt", "first");
        write("b.txt", "other");
        settle("a.txt");

        Files.move(root.resolve("b.txt"), root.resolve("a.txt"), StandardCopyOption.REPLACE_EXISTING);

        time.advance(SECOND);
        assertThat(text("a.txt")).isEqualTo("other");
    }

    @Test
    void twoChangesWithinOneTickOfTheFileSystemsClockAreSeen() throws IOException {
        write("a.txt", "first");
        assertThat(text("a.txt")).isEqualTo("first");

        write("a.txt", "other");

        time.advance(SECOND);
        assertThat(text("a.txt")).isEqualTo("other");
    }

    @Test
    void aFileThatIsKeptIsNotReadAgain() throws IOException {
        write("a.txt", "first");
        settle("a.txt");
        byte[] content = Objects.requireNonNull(files.find("a.txt")).content();

        time.advance(Duration.ofMinutes(1));

        assertThat(content).isNotNull();
        assertThat(Objects.requireNonNull(files.find("a.txt")).content()).isSameAs(content);
    }

    @Test
    void aFileThatIsRemovedIsGoneWithinASecond() throws IOException {
        write("a.txt", "first");
        settle("a.txt");

        Files.delete(root.resolve("a.txt"));

        time.advance(SECOND);
        assertThat(text("a.txt")).isNull();
        assertThat(memory.taken()).isZero();
    }

    @Test
    void aFileThatBecomesALinkOutOfTheDirectoryIsGoneWithinASecond() throws IOException {
        Path secret = Files.writeString(temporary.resolve("secret.txt"), "secret");
        write("a.txt", "public");
        settle("a.txt");

        Files.delete(root.resolve("a.txt"));
        Files.createSymbolicLink(root.resolve("a.txt"), secret);

        time.advance(SECOND);
        assertThat(text("a.txt")).isNull();
    }

    @Test
    void aFileThatGrowsIsNoLongerKept() throws IOException {
        write("a.txt", "first");
        settle("a.txt");
        assertThat(memory.taken()).isPositive();

        write("a.txt", "x".repeat(MemoryShare.LARGEST + 1));

        time.advance(SECOND);
        assertThat(text("a.txt")).hasSize(MemoryShare.LARGEST + 1);
        assertThat(memory.taken()).isZero();
    }

    @Test
    void aVariantThatIsAddedIsSeenWithinASecond() throws IOException {
        write("a.js", "plain");
        assertThat(files.variant("a.js", ".gz")).isNull();

        write("a.js.gz", "gzip");

        assertThat(files.variant("a.js", ".gz")).isNull();
        time.advance(SECOND);
        assertThat(text(files.variant("a.js", ".gz"))).isEqualTo("gzip");
    }

    @Test
    void filesThatAreNotRequestedAnyMoreLeaveTheMemoryToOthers() throws IOException {
        String content = "x".repeat(60_000);
        for (int i = 0; i < 5; i++) {
            write(i + ".txt", content);
            assertThat(text(i + ".txt")).isEqualTo(content);
        }
        assertThat(memory.taken()).isBetween(180_000L, 200_000L);
        assertThat(isKept("0.txt")).isTrue();
        assertThat(isKept("4.txt")).isFalse();

        time.advance(SECOND);

        assertThat(isKept("4.txt")).isTrue();
        assertThat(memory.taken()).isBetween(60_000L, 70_000L);
    }

    /** Whether the second of two look-ups returns the same content as the first. */
    private boolean isKept(String name) {
        return Objects.equals(files.find(name), files.find(name));
    }
}
