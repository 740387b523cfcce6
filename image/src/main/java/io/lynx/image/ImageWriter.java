package io.lynx.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Writes images as archives that {@code docker load} reads. */
final class ImageWriter {
    private static final Set<Port> PORTS = Set.of(Port.tcp(8080), Port.tcp(9090));
    private static final String USER = DebianRoot.USER + ":" + DebianRoot.USER;

    private final @Nullable String base;
    private final ImageReference image;
    private final Path caches;
    private final PrintStream progress;

    /**
     * Creates a writer.
     *
     * @param base the image in a registry that the layers are added to; null for none
     * @param image the name that the image gets
     */
    ImageWriter(@Nullable String base, ImageReference image, Path caches, PrintStream progress) {
        this.base = base;
        this.image = image;
        this.caches = caches;
        this.progress = progress;
    }

    /** Writes an archive. */
    void write(Path archive, List<FileEntriesLayer> layers, List<String> command)
            throws IOException, ImageException, InterruptedException {
        try {
            Containerizer target = Containerizer.to(TarImage.at(archive).named(image))
                    .setBaseImageLayersCache(caches.resolve("base"))
                    .setApplicationLayersCache(caches.resolve("layers"))
                    .setAllowInsecureRegistries(base != null && isLoopback(base))
                    .setToolName("lynx")
                    .addEventHandler(LogEvent.class, this::report);
            var _ = from().setFileEntriesLayers(layers)
                    .setPlatforms(Set.of(new Platform(architecture(), "linux")))
                    .setEntrypoint(command)
                    .setWorkingDirectory(AbsoluteUnixPath.get(PackagedService.HOME))
                    .setUser(USER)
                    .setExposedPorts(PORTS)
                    .addVolume(AbsoluteUnixPath.get("/tmp"))
                    .containerize(target);
        } catch (InvalidImageReferenceException e) {
            throw new ImageException("--base: '" + base + "' is not the name of an image: " + e.getMessage());
        } catch (RegistryException | ExecutionException | CacheDirectoryCreationException e) {
            throw new ImageException("the image cannot be written: " + rootMessage(e));
        }
    }

    private JibContainerBuilder from() throws InvalidImageReferenceException {
        if (base == null) {
            return Jib.fromScratch();
        }
        ImageReference reference = ImageReference.parse(base);
        CredentialRetrieverFactory credentials = CredentialRetrieverFactory.forImage(reference, event -> report(event));
        return Jib.from(RegistryImage.named(reference).addCredentialRetriever(credentials.dockerConfig()));
    }

    private void report(LogEvent event) {
        if (event.getLevel() == LogEvent.Level.WARN || event.getLevel() == LogEvent.Level.ERROR) {
            progress.println("image: " + event.getMessage());
        }
    }

    /** Docker, too, speaks plain HTTP with registries on this machine. */
    private static boolean isLoopback(String base) {
        return base.startsWith("localhost:") || base.startsWith("127.");
    }

    /** Returns the name that images have for the architecture of this machine. */
    private static String architecture() {
        String name = System.getProperty("os.arch", "amd64");
        return name.equals("aarch64") ? "arm64" : name;
    }

    private static String rootMessage(Throwable problem) {
        Throwable root = problem;
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return String.valueOf(root.getMessage() == null ? root : root.getMessage());
    }
}
