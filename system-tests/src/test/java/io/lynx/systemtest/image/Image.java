package io.lynx.systemtest.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lynx.systemtest.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An image archive, read as {@code docker load} reads it.
 *
 * @param layers the compressed layers, the lowest first
 * @param config the configuration of containers
 * @param report what the maker printed
 */
record Image(List<Path> layers, JsonNode config, String report) {
    /** Extracts an archive into a new folder. */
    static Image open(Path archive, Path folder, String report) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        run(folder, "tar", "-xf", archive.toString());
        ObjectMapper json = new ObjectMapper();
        JsonNode manifest =
                json.readTree(folder.resolve("manifest.json").toFile()).path(0);
        List<Path> layers = new ArrayList<>();
        manifest.path("Layers").forEach(layer -> layers.add(folder.resolve(layer.asText())));
        JsonNode config =
                json.readTree(folder.resolve(manifest.path("Config").asText()).toFile());
        return new Image(List.copyOf(layers), config, report);
    }

    /** Returns the digests of the layers, which are the names of their files. */
    List<String> digests() {
        return layers.stream()
                .map(layer -> String.valueOf(layer.getFileName()).replaceFirst("\\..*", ""))
                .toList();
    }

    /** Returns the command that a container starts. */
    List<String> command() {
        List<String> command = new ArrayList<>();
        config.path("config").path("Entrypoint").forEach(word -> command.add(word.asText()));
        return command;
    }

    /** Unpacks the layers over one another; they hide nothing of the layers below them. */
    void unpack(Path root) throws IOException, InterruptedException {
        Files.createDirectories(root);
        for (Path layer : layers) {
            assertThat(run(root, "tar", "-tzf", layer.toString())).doesNotContain(".wh.");
            run(root, "tar", "--numeric-owner", "-xpzf", layer.toString());
        }
    }

    private static String run(Path folder, String... command) throws InterruptedException {
        Command.Result result = Command.run(folder, Duration.ofMinutes(2), List.of(command));
        assertThat(result.isSuccess()).as(result.output()).isTrue();
        return result.output();
    }
}
