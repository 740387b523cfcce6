package io.lynx.systemtest.dist;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes the distribution from what the build has packaged: {@code check|make ROOT OUTPUT [--release] [-Dproject.url=URL]
 * [-Dproject.scm=URL] [-Dproject.developer=NAME] [-Dproject.signing.key=KEY]}. {@code OUTPUT} is the folder of each module that
 * the build has written to. {@code check} only checks the arguments and the key. It uses nothing but the JDK and gpg, so that its
 * sources start without having been built. The exit code is 0, or 2 if the distribution cannot be made.
 */
public final class Dist {
    private final PrintStream out;
    private final PrintStream err;

    Dist(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs it and exits. */
    public static void main(String[] args) throws IOException {
        System.exit(new Dist(System.out, System.err).run(List.of(args)));
    }

    /** Runs it and returns the exit code. */
    int run(List<String> arguments) throws IOException {
        try {
            Path root = Path.of(arguments.get(1));
            List<String> options = arguments.subList(3, arguments.size());
            boolean isRelease = options.contains("--release");
            PublishedProject project = PublishedProject.read(root, arguments.get(2));
            Map<String, String> properties = properties(options);
            PomMetadata metadata = PomMetadata.of(properties, project.properties());
            String key = properties.get("project.signing.key");
            Optional<Signer> signer = key == null ? Optional.empty() : Optional.of(new Signer(key));
            if (isRelease) {
                checkRelease(project, metadata);
            }
            if (signer.isPresent()) {
                signer.get().check();
            }
            if (arguments.getFirst().equals("make")) {
                make(root, project, metadata, signer, isRelease);
            }
            return 0;
        } catch (DistException e) {
            e.problems().forEach(problem -> err.println("dist: " + problem));
            return 2;
        }
    }

    private static Map<String, String> properties(List<String> options) {
        Map<String, String> properties = new TreeMap<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            if (option.startsWith("-D") && equals > 0) {
                properties.put(option.substring(2, equals), option.substring(equals + 1));
            } else if (!option.equals("--release")) {
                throw new DistException("'" + option + "' is not an option; there are: --release, -Dproject.url=URL, "
                        + "-Dproject.scm=URL, -Dproject.developer=NAME, -Dproject.signing.key=KEY");
            }
        }
        return properties;
    }

    private static void checkRelease(PublishedProject project, PomMetadata metadata) {
        List<String> problems = new ArrayList<>(metadata.missing());
        if (project.version().endsWith("-SNAPSHOT")) {
            problems.add("project.version: '" + project.version()
                    + "' is a snapshot; ./build version sets one without -SNAPSHOT in every pom.xml");
        }
        if (!problems.isEmpty()) {
            throw new DistException(problems);
        }
    }

    private void make(
            Path root, PublishedProject project, PomMetadata metadata, Optional<Signer> signer, boolean isRelease)
            throws IOException {
        Path folder = root.resolve("target/dist");
        Repository repository = Repository.create(folder);
        for (PublishedModule module : project.modules()) {
            repository.add(module, metadata);
        }
        if (signer.isPresent()) {
            repository.sign(signer.get());
        }
        out.println(folder + ": " + project.modules().size() + " modules of version " + project.version());
        if (isRelease) {
            List<String> problems = new ReleaseCheck(folder).problems();
            if (!problems.isEmpty()) {
                throw new DistException(problems);
            }
            Path bundle = root.resolve("target/lynx-" + project.version() + "-bundle.zip");
            repository.bundle(bundle);
            out.println(bundle
                    + (signer.isEmpty()
                            ? ": complete but for signatures; -Dproject.signing.key=KEY adds them"
                            : ": complete and signed"));
        }
    }
}
