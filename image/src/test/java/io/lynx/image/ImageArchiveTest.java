package io.lynx.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageArchiveTest {
    @TempDir
    private Path folder;

    @Test
    void upperLayersHideFilesAndFoldersOfLowerOnes() throws IOException, ImageException, InterruptedException {
        layer("lower", "kept", "hidden", "folder/hidden", "opaque/hidden", "opaque/below/hidden");
        layer("upper", ".wh.hidden", ".wh.folder", "opaque/.wh..wh..opq", "opaque/new");
        FileTrees.write(folder.resolve("image/manifest.json"), """
                [{"Layers": ["lower.tar.gz", "upper.tar.gz"]}]
                """);
        run("tar", "-cf", "image.tar", "-C", "image", ".");

        ImageArchive archive = ImageArchive.open(folder.resolve("image.tar"), folder.resolve("extracted"));
        Path root = folder.resolve("root");
        archive.unpack(root);

        try (Stream<Path> files = Files.walk(root).filter(Files::isRegularFile)) {
            assertThat(files.map(root::relativize).map(Path::toString)).containsExactlyInAnyOrder("kept", "opaque/new");
        }
        assertThat(archive.summaries(List.of("service")))
                .extracting(LayerSummary::name, LayerSummary::digest)
                .containsExactly(tuple("base", "sha256:lower"), tuple("service", "sha256:upper"));
    }

    private void layer(String name, String... files) throws IOException, ImageException, InterruptedException {
        for (String file : files) {
            FileTrees.write(folder.resolve(name).resolve(file), file);
        }
        Files.createDirectories(folder.resolve("image"));
        run("tar", "-czf", "image/" + name + ".tar.gz", "-C", name, ".");
    }

    private void run(String... command) throws IOException, ImageException, InterruptedException {
        String _ = ExternalProgram.run(folder, List.of(command));
    }
}
