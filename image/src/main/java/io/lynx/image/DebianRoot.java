package io.lynx.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The lowest layer: what a JVM needs of a Linux system and nothing else, from the most recent packages that this machine's package
 * lists name. It has no shell and no package manager. Scanners read the packages' names and versions in
 * {@code /var/lib/dpkg/status.d}.
 */
final class DebianRoot {
    /** The numeric user and group that the service runs as. */
    static final int USER = 10001;

    /**
     * The C library, time zones for what is not Java (such as the JVM's own log), the certificates of authorities for native
     * libraries, and the name and version of the system.
     */
    private static final List<String> PACKAGES = List.of("libc6", "tzdata", "ca-certificates", "base-files");

    private static final Pattern LIBRARY = Pattern.compile("(usr/)?lib(64)?/([^/]+/)?[^/]+\\.so(\\.[^/]*)?");
    private static final Pattern ZONE = Pattern.compile("usr/share/zoneinfo/(?!posix/|right/).+");
    private static final Pattern CERTIFICATE = Pattern.compile("usr/share/ca-certificates/.+\\.crt");

    private final Path root;
    private final Path work;

    private DebianRoot(Path root, Path work) {
        this.root = root;
        this.work = work;
    }

    /** Assembles it in the folder {@code root}; {@code work} is for files in between. */
    static void assemble(Path root, Path work) throws IOException, ImageException, InterruptedException {
        FileTrees.empty(root);
        FileTrees.empty(work);
        DebianRoot debian = new DebianRoot(root, work);
        StringBuilder certificates = new StringBuilder();
        for (Path file : debian.download()) {
            debian.take(file, certificates);
        }
        FileTrees.write(root.resolve("etc/ssl/certs/ca-certificates.crt"), certificates.toString());
        debian.writeAccounts();
        FileTrees.delete(work);
    }

    private List<Path> download() throws IOException, ImageException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("apt-get", "download"));
        command.addAll(PACKAGES);
        List<String> query = new ArrayList<>(command);
        query.add(2, "--print-uris");
        List<PackageCache.Listed> packages = PackageCache.listed(uris(query));
        if (packages.size() != PACKAGES.size()) {
            throw new ImageException("the package lists name "
                    + packages.stream().map(PackageCache.Listed::file).toList() + " instead of " + PACKAGES);
        }
        String home = Objects.requireNonNull(System.getProperty("user.home"));
        PackageCache cache = new PackageCache(Path.of(home, ".cache/lynx/debian"));
        return cache.files(packages, () -> {
            ExternalProgram.run(work, command);
            return work;
        });
    }

    private String uris(List<String> query) throws IOException, ImageException, InterruptedException {
        try {
            return ExternalProgram.run(work, query);
        } catch (ImageException _) {
            // A fresh machine has no lists of packages yet.
            ExternalProgram.run(work, List.of("apt-get", "update"));
            return ExternalProgram.run(work, query);
        }
    }

    private void take(Path file, StringBuilder certificates) throws IOException, ImageException, InterruptedException {
        String name = FileTrees.name(file).replaceFirst("_.*", "");
        Path unpacked = work.resolve(name);
        ExternalProgram.run(work, List.of("dpkg-deb", "-x", file.toString(), unpacked.toString()));
        String control = ExternalProgram.run(work, List.of("dpkg-deb", "-f", file.toString()));
        FileTrees.write(root.resolve("var/lib/dpkg/status.d").resolve(name), control);
        for (Path found : FileTrees.files(unpacked)) {
            String path = unpacked.relativize(found).toString();
            if (CERTIFICATE.matcher(path).matches()) {
                certificates.append(Files.readString(found));
            } else if (path.equals("usr/lib/os-release")) {
                FileTrees.copy(found, root.resolve("etc/os-release"));
            } else if (LIBRARY.matcher(path).matches()
                    || ZONE.matcher(path).matches()
                    || path.equals("usr/share/doc/" + name + "/copyright")) {
                // Programs name the dynamic linker in /lib64, also where the package has it in /usr/lib64.
                copy(found, unpacked, root.resolve(path.replaceFirst("^usr/lib64/", "lib64/")));
            }
        }
    }

    /** A layer has no symbolic links: each name gets the content. */
    private static void copy(Path file, Path unpacked, Path copy) throws IOException {
        Path source = file;
        while (Files.isSymbolicLink(source)) {
            Path target = Files.readSymbolicLink(source);
            source = target.isAbsolute()
                    ? unpacked.resolve(target.toString().substring(1))
                    : FileTrees.parent(source).resolve(target).normalize();
        }
        // Some links lead into other packages.
        if (Files.isRegularFile(source)) {
            FileTrees.copy(source, copy);
        }
    }

    private void writeAccounts() throws IOException {
        FileTrees.write(root.resolve("etc/passwd"), """
                root:x:0:0:root:/:/nonexistent
                app:x:%1$d:%1$d:app:%2$s:/nonexistent
                """.formatted(USER, PackagedService.HOME));
        FileTrees.write(root.resolve("etc/group"), """
                root:x:0:
                app:x:%d:
                """.formatted(USER));
        FileTrees.write(root.resolve("etc/nsswitch.conf"), """
                passwd: files
                group: files
                hosts: files dns
                """);
    }
}
