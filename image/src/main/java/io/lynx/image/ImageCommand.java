package io.lynx.image;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The entry point: makes the image of a service and prints its layers. */
final class ImageCommand {
    private static final int FAILED = 1;
    private static final String HELP = """
            image [EXAMPLE] [OPTIONS]       the image of an example, orders if none is named
            image --jar DIR [OPTIONS]       the image of a packaged service: DIR has its jar and lib/, such as target
              --name IMAGE          the name of the image; default: the name of the jar
              --out FILE            the archive; default: target/NAME.tar
              --base IMAGE          an image in a registry, in place of the Debian root
              --no-aot              no AOT cache: the service is not started while the image is made
              --train PATH          another path that the training requests; can be repeated
              --training-env N=V    an environment variable of the training; can be repeated
              --add-modules M,N     more modules of the JDK, such as jdk.localedata or jdk.charsets
              --omit-modules M,N    modules that libraries refer to and the service does not use, such as java.desktop
            """;
    /** The paths that every training requests. */
    private static final List<String> PATHS = List.of("/", "/health", "/health/ready", "/metrics");

    private final ImageArguments arguments;
    private final PackagedService service;
    private final Path work;
    private final PrintStream out;

    private ImageCommand(ImageArguments arguments, PackagedService service, Path work, PrintStream out) {
        this.arguments = arguments;
        this.service = service;
        this.work = work;
        this.out = out;
    }

    /** Makes the image that the arguments describe. */
    public static void main(String[] args) throws InterruptedException {
        if (List.of(args).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        try {
            ImageArguments arguments = ImageArguments.parse(List.of(args), Path.of(""));
            PackagedService service = arguments.service();
            Path work = Files.createDirectories(arguments.path("--work", "target/image"))
                    .resolve(service.name());
            new ImageCommand(arguments, service, Files.createDirectories(work), System.out).make();
        } catch (ImageException e) {
            System.err.println("image: " + e.getMessage());
            System.exit(FAILED);
        } catch (IOException e) {
            System.err.println("image: " + e);
            System.exit(FAILED);
        }
        // The threads of Jib's HTTP client would keep the process alive.
        System.exit(0);
    }

    private void make() throws IOException, ImageException, InterruptedException {
        @Nullable String base = arguments.value("--base");
        ImageWriter writer = new ImageWriter(base, reference(), work.resolve("caches"), out);
        ImageLayers layers = layers(base != null);
        Path archive = arguments.path("--out", "target/" + service.name() + ".tar");
        Files.createDirectories(FileTrees.parent(archive));
        if (arguments.hasCache()) {
            train(writer, layers);
            say("writing " + archive);
            writer.write(archive, layers.list(), service.command(List.of("-XX:AOTCache=" + service.cacheInImage())));
        } else {
            say("writing " + archive);
            writer.write(archive, layers.list(), service.command(List.of()));
        }
        report(archive, layers);
    }

    private ImageReference reference() throws ImageException {
        String given = arguments.value("--name");
        String name = given == null ? service.name() : given;
        try {
            return ImageReference.parse(name);
        } catch (InvalidImageReferenceException _) {
            throw new ImageException(
                    "--name: '" + name + "' is not the name of an image; write one such as orders:1.0.0");
        }
    }

    private ImageLayers layers(boolean hasBase) throws IOException, ImageException, InterruptedException {
        ImageLayers layers = new ImageLayers(FileTrees.empty(work.resolve("empty")));
        if (!hasBase) {
            say("assembling the root from Debian packages");
            DebianRoot.assemble(work.resolve("root"), work.resolve("packages"));
            layers.root(work.resolve("root"));
        }
        Set<String> modules =
                LinkedRuntime.modules(service, arguments.names("--add-modules"), arguments.names("--omit-modules"));
        say("linking a Java runtime of " + modules.size() + " modules: " + String.join(" ", modules));
        return layers.runtime(LinkedRuntime.link(modules, work)).service(service);
    }

    /** Writes the image without a cache, runs the service in it, and adds the cache to the layers. */
    private void train(ImageWriter writer, ImageLayers layers)
            throws IOException, ImageException, InterruptedException {
        Path untrained = work.resolve("untrained.tar");
        Path unpacked = work.resolve("unpacked");
        say("compressing the layers");
        writer.write(untrained, layers.list(), service.command(List.of()));
        ImageArchive.open(untrained, work.resolve("archive")).unpack(unpacked);
        Path log = work.resolve("aot-training.log");
        say("training the AOT cache in the unpacked image (log: " + log + ")");
        List<String> paths = new ArrayList<>(PATHS);
        paths.addAll(arguments.all("--train"));
        Path trained = new AotTraining(unpacked, log, service).train(paths, arguments.variables());
        Path cache = work.resolve("service.aot");
        FileTrees.copy(trained, cache);
        layers.cache(cache, service);
        FileTrees.delete(unpacked);
        FileTrees.delete(untrained);
    }

    private void report(Path archive, ImageLayers layers) throws IOException, ImageException, InterruptedException {
        Path extracted = work.resolve("archive");
        List<String> names =
                layers.list().stream().map(FileEntriesLayer::getName).toList();
        List<LayerSummary> summaries = ImageArchive.open(archive, extracted).summaries(names);
        FileTrees.delete(extracted);
        out.printf(Locale.ROOT, "%-10s %10s %10s  %s%n", "layer", "compressed", "unpacked", "digest");
        summaries.forEach(layer -> print(layer.name(), layer.size(), layer.unpackedSize(), layer.digest()));
        print(
                "total",
                summaries.stream().mapToLong(LayerSummary::size).sum(),
                summaries.stream().mapToLong(LayerSummary::unpackedSize).sum(),
                "docker load --input " + archive);
    }

    private void print(String name, long size, long unpackedSize, String rest) {
        out.printf(Locale.ROOT, "%-10s %7.1f MB %7.1f MB  %s%n", name, size / 1e6, unpackedSize / 1e6, rest);
    }

    private void say(String progress) {
        out.println("image: " + progress);
    }
}
