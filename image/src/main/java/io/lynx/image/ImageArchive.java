package io.lynx.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** An archive that {@link ImageWriter} has written. */
final class ImageArchive {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private final Path folder;
    private final List<Path> layers;

    private ImageArchive(Path folder, List<Path> layers) {
        this.folder = folder;
        this.layers = layers;
    }

    /** Opens an archive, whose layers are extracted into {@code folder}. */
    static ImageArchive open(Path archive, Path folder) throws IOException, ImageException, InterruptedException {
        FileTrees.empty(folder);
        ExternalProgram.run(folder, List.of("tar", "-xf", archive.toString()));
        JsonNode manifest =
                new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
        List<Path> layers = new ArrayList<>();
        manifest.path(0).path("Layers").forEach(layer -> layers.add(folder.resolve(layer.asText())));
        return new ImageArchive(folder, layers);
    }

    /** Returns its layers, the lowest first. The names are those of the uppermost; the layers below them are those of the base. */
    List<LayerSummary> summaries(List<String> names) throws IOException {
        List<LayerSummary> summaries = new ArrayList<>();
        int below = layers.size() - names.size();
        for (int i = 0; i < layers.size(); i++) {
            Path layer = layers.get(i);
            String digest = "sha256:" + FileTrees.name(layer).replaceFirst("\\..*", "");
            String name = i < below ? "base" : names.get(i - below);
            summaries.add(new LayerSummary(name, digest, Files.size(layer), unpackedSize(layer)));
        }
        return summaries;
    }

    private static long unpackedSize(Path layer) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(layer), 1 << 16)) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Unpacks the layers over one another, as a container runtime does. File times are kept. */
    void unpack(Path root) throws IOException, ImageException, InterruptedException {
        FileTrees.empty(root);
        for (Path layer : layers) {
            String names = ExternalProgram.run(folder, List.of("tar", "-tzf", layer.toString()));
            for (String path : names.lines().toList()) {
                removeHidden(root, path);
            }
            ExternalProgram.run(
                    folder,
                    List.of(
                            "tar",
                            "-xpzf",
                            layer.toString(),
                            "--numeric-owner",
                            "--exclude=" + WHITEOUT + "*",
                            "-C",
                            root.toString()));
        }
    }

    /** A whiteout is a file whose name says what of the layers below it is hidden. */
    private static void removeHidden(Path root, String path) throws IOException {
        Path whiteout = root.resolve(path.replaceFirst("^/", "")).normalize();
        String name = FileTrees.name(whiteout);
        Path parent = FileTrees.parent(whiteout);
        if (!name.startsWith(WHITEOUT) || !whiteout.startsWith(root)) {
            return;
        }
        if (!name.equals(OPAQUE)) {
            FileTrees.delete(parent.resolve(name.substring(WHITEOUT.length())));
        } else if (Files.isDirectory(parent)) {
            for (Path hidden : FileTrees.list(parent, _ -> true)) {
                FileTrees.delete(hidden);
            }
        }
    }
}
