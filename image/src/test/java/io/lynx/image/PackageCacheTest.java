package io.lynx.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.lynx.image.PackageCache.Listed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackageCacheTest {
    private static final List<Listed> WANTED = List.of(new Listed("a_1.deb", 4), new Listed("b_2.deb", 3));

    @TempDir
    private Path folder;

    private Path cache;
    private Path downloads;
    private int runs;

    @BeforeEach
    void createFolders() throws IOException {
        cache = folder.resolve("home/.cache/lynx/debian");
        downloads = Files.createDirectory(folder.resolve("downloads"));
    }

    private Path download() throws IOException {
        runs++;
        Files.writeString(downloads.resolve("a_1.deb"), "aaaa");
        Files.writeString(downloads.resolve("b_2.deb"), "bbb");
        return downloads;
    }

    private List<Path> files() throws Exception {
        return new PackageCache(cache).files(WANTED, this::download);
    }

    @Test
    void readsNamesAndSizesOfTheListedPackages() {
        assertThat(PackageCache.listed("""
                        'http://deb.debian.org/pool/libc6_2.36-9%2bdeb12u14_amd64.deb' libc6_2.36-9+deb12u14_amd64.deb 2759320 SHA256:ba
                        'http://deb.debian.org/pool/tzdata_2026f_all.deb' tzdata_2026f_all.deb 307832 SHA256:32
                        """))
                .containsExactly(
                        new Listed("libc6_2.36-9+deb12u14_amd64.deb", 2_759_320),
                        new Listed("tzdata_2026f_all.deb", 307_832));
        assertThat(PackageCache.listed("E: Unable to locate package")).isEmpty();
    }

    @Test
    void downloadsWhatItKeepsOnce() throws Exception {
        assertThat(files()).containsExactly(cache.resolve("a_1.deb"), cache.resolve("b_2.deb"));
        assertThat(files()).allMatch(Files::exists);

        assertThat(runs).isEqualTo(1);
    }

    @Test
    void replacesAPackageThatWasNotCopiedToItsEnd() throws Exception {
        List<Path> files = files();
        Files.writeString(files.getFirst(), "aa");
        Files.writeString(cache.resolve("a_1.deb.part"), "a");

        assertThat(files().getFirst()).hasContent("aaaa");
        assertThat(cache.resolve("a_1.deb.part")).doesNotExist();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void aFailedDownloadLeavesNoPackage() throws Exception {
        assertThatIOException().isThrownBy(() -> new PackageCache(cache).files(WANTED, () -> folder.resolve("none")));

        try (Stream<Path> kept = Files.list(cache)) {
            assertThat(kept).containsExactly(cache.resolve(".lock"));
        }
        assertThat(files()).hasSize(2);
    }
}
