package io.lynx.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The layers of an image, those that change least first. Every file has the same time and the user root as its owner, so that equal
 * content gives an equal digest.
 */
final class ImageLayers {
    private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");
    private static final FilePermissions FILE = FilePermissions.fromOctalString("644");
    private static final FilePermissions WRITABLE = FilePermissions.fromOctalString("777");

    private final Path emptyFolder;
    private final List<FileEntriesLayer> layers = new ArrayList<>();

    /** Creates a list without layers; {@code emptyFolder} is the source of the folders in the image. */
    ImageLayers(Path emptyFolder) {
        this.emptyFolder = emptyFolder;
    }

    /** Adds the layer of the Debian root, with the folders that a container runtime mounts. */
    ImageLayers root(Path root) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("root");
        for (String folder : List.of("/proc", "/sys", "/dev")) {
            add(layer, emptyFolder, folder, PROGRAM);
        }
        layers.add(addFolder(layer, root, "/").build());
        return this;
    }

    /** Adds the layer of the Java runtime, with the writable folder and the one for heap dumps. */
    ImageLayers runtime(Path runtime) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("runtime");
        add(layer, emptyFolder, "/tmp", WRITABLE);
        add(layer, emptyFolder, "/dumps", PROGRAM);
        layers.add(addFolder(layer, runtime, PackagedService.runtimeInImage() + "/")
                .build());
        return this;
    }

    /** Adds the layers of a service: the libraries of others, those of Lynx, and its own jar and configuration. */
    ImageLayers service(PackagedService service) {
        Predicate<Path> isLynx = library -> FileTrees.name(library).startsWith("lynx-");
        libraries(
                "libraries",
                service.libraries().stream().filter(isLynx.negate()).toList());
        libraries("lynx", service.libraries().stream().filter(isLynx).toList());
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("service");
        add(layer, service.jar(), service.jarInImage(), FILE);
        for (Path file : service.configuration()) {
            add(layer, file, PackagedService.HOME + "/" + FileTrees.name(file), FILE);
        }
        layers.add(layer.build());
        return this;
    }

    private void libraries(String name, List<Path> libraries) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        libraries.forEach(library -> add(layer, library, PackagedService.libraryInImage(library), FILE));
        if (!libraries.isEmpty()) {
            layers.add(layer.build());
        }
    }

    /** Adds the layer of the AOT cache. */
    ImageLayers cache(Path cache, PackagedService service) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("AOT cache");
        add(layer, cache, service.cacheInImage(), FILE);
        layers.add(layer.build());
        return this;
    }

    /** Returns the layers, the lowest first. */
    List<FileEntriesLayer> list() {
        return List.copyOf(layers);
    }

    private static FileEntriesLayer.Builder addFolder(FileEntriesLayer.Builder layer, Path folder, String prefix)
            throws IOException {
        for (Path file : FileTrees.files(folder)) {
            add(layer, file, prefix + folder.relativize(file), Files.isExecutable(file) ? PROGRAM : FILE);
        }
        return layer;
    }

    private static void add(FileEntriesLayer.Builder layer, Path source, String path, FilePermissions permissions) {
        layer.addEntry(new FileEntry(
                source, AbsoluteUnixPath.get(path), permissions, FileEntriesLayer.DEFAULT_MODIFICATION_TIME));
    }
}
