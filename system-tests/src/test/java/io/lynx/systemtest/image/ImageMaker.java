package io.lynx.systemtest.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.house.ProjectFiles;
import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs the maker of images as {@code ./build image} does, with what the build has packaged. */
final class ImageMaker {
    private static final String EXAMPLE = "minimal";

    private ImageMaker() {}

    /** Makes the image of the minimal example, and returns it opened in {@code folder}. */
    static Image make(Path folder, Path work, String... options) throws IOException, InterruptedException {
        Path target = ProjectFiles.ROOT.resolve("examples").resolve(EXAMPLE).resolve("target");
        Path maker = ProjectFiles.ROOT.resolve("image/target");
        Path archive = folder.resolve("image.tar");
        List<String> command = new ArrayList<>(List.of(
                Launch.java(),
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                maker.resolve("classes") + ":"
                        + Files.readString(maker.resolve("classpath.txt")).strip(),
                "io.lynx.image.ImageCommand",
                "--service",
                jar(target).toString(),
                "--class-path",
                Files.readString(target.resolve("classpath.txt")).strip(),
                "--main",
                "io.lynx.examples.minimal.Main",
                "--work",
                work.toString(),
                "--out",
                archive.toString()));
        command.addAll(List.of(options));
        Command.Result made = Command.run(Files.createDirectories(folder), Duration.ofMinutes(4), command);
        assertThat(made.isSuccess()).as(made.output()).isTrue();
        return Image.open(archive, folder.resolve("content"), made.output());
    }

    private static Path jar(Path target) throws IOException {
        try (var files = Files.newDirectoryStream(target, EXAMPLE + "-*.jar")) {
            for (Path file : files) {
                if (!file.toString().matches(".*-(sources|javadoc|tests)\\.jar")) {
                    return file;
                }
            }
        }
        throw new AssertionError(target + " has no jar; package the examples first");
    }
}
