package io.lynx.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a new project. They are a project themselves, in the folder {@code project} beside this class, whose names stand for
 * those that the user chooses. A file {@code dot.NAME} is written as {@code .NAME}. The folder {@code plugins} has what each plugin
 * adds to the POM, to the configuration and to the sources.
 */
final class ProjectTemplate {
    private static final String NAME = "my-service";
    private static final String GROUP = "<groupId>com.example</groupId>";
    private static final String PACKAGE = "com.example.service";
    private static final String VERSION = "@lynx.version@";
    private static final String SOURCES = "src/";
    private static final String IMPORT = "import ";
    /** The comments in whose place the plugins are written. */
    private static final List<String> PLUGINS = List.of("        <!-- @plugins@ -->\n", "  # @plugins@\n");

    private final Map<String, String> files;
    private final Map<String, Map<String, String>> plugins = new TreeMap<>();

    private ProjectTemplate(Map<String, String> files, Map<String, String> fragments) {
        this.files = files;
        fragments.forEach((file, text) -> {
            int slash = file.indexOf('/');
            plugins.computeIfAbsent(file.substring(0, slash), _ -> new TreeMap<>())
                    .put(file.substring(slash + 1), text);
        });
    }

    /** Reads the template from the class path. */
    static ProjectTemplate load() throws IOException {
        return new ProjectTemplate(read("project"), read("plugins"));
    }

    /** Returns the version of Lynx that a new project uses. */
    static String lynxVersion() {
        String version = System.getProperty("lynx.version");
        if (version == null) {
            version = ProjectTemplate.class.getPackage().getImplementationVersion();
        }
        if (version == null) {
            throw new IllegalStateException("the version of Lynx is not known; set -Dlynx.version");
        }
        return version;
    }

    /** Returns the names of the plugins that a project can use. */
    List<String> plugins() {
        return List.copyOf(plugins.keySet());
    }

    /** Writes a project into its folder. */
    void write(NewProject project) throws IOException {
        for (Map.Entry<String, String> file : filesOf(project).entrySet()) {
            Path target = project.folder().resolve(path(file.getKey(), project));
            Files.createDirectories(target.getParent());
            String text = text(file.getValue(), project);
            Files.writeString(target, file.getKey().endsWith(".java") ? withSortedImports(text) : text);
            if (file.getValue().startsWith("#!") && !target.toFile().setExecutable(true, false)) {
                throw new IOException(target + " cannot be made executable");
            }
        }
    }

    /** Returns the files of a project, with the sources that its plugins add. */
    private Map<String, String> filesOf(NewProject project) {
        Map<String, String> all = new TreeMap<>(files);
        for (String plugin : project.plugins()) {
            plugins.getOrDefault(plugin, Map.of()).forEach((file, text) -> {
                if (file.startsWith(SOURCES)) {
                    String _ = all.put(file, text);
                }
            });
        }
        return all;
    }

    private static String path(String file, NewProject project) {
        String path =
                file.replace(PACKAGE.replace('.', '/'), project.packageName().replace('.', '/'));
        return path.startsWith("dot.") ? path.substring("dot".length()) : path;
    }

    private String text(String text, NewProject project) {
        return text.replace(PLUGINS.getFirst(), fragments(project, "dependencies.xml"))
                .replace(PLUGINS.getLast(), fragments(project, "config.yml"))
                .replace(PACKAGE, project.packageName())
                .replace(GROUP, "<groupId>" + project.group() + "</groupId>")
                .replace(VERSION, lynxVersion())
                .replace(NAME, project.name());
    }

    /** Sorts each block of imports, whose order depends on the package of the project, as formatters do: by the imported name. */
    private static String withSortedImports(String source) {
        List<String> lines = new ArrayList<>(source.lines().toList());
        int begin = 0;
        while (begin < lines.size()) {
            int end = begin;
            while (end < lines.size() && lines.get(end).startsWith(IMPORT)) {
                end++;
            }
            // A semicolon would sort after the dot of a name that is longer.
            lines.subList(begin, end).sort(Comparator.comparing(line -> line.replace(";", "")));
            begin = end + 1;
        }
        return String.join("\n", lines) + "\n";
    }

    private String fragments(NewProject project, String file) {
        StringBuilder text = new StringBuilder();
        for (String plugin : project.plugins()) {
            text.append(plugins.getOrDefault(plugin, Map.of()).getOrDefault(file, ""));
        }
        return text.toString();
    }

    /** Returns the text files of a folder beside this class, by their paths in it. */
    private static Map<String, String> read(String folder) throws IOException {
        URL location = ProjectTemplate.class.getResource("/io/lynx/cli/" + folder);
        if (location == null) {
            throw new IOException("the folder '" + folder + "' is not on the class path");
        }
        URI uri;
        try {
            uri = location.toURI();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        if (!uri.getScheme().equals("jar")) {
            return read(Path.of(uri));
        }
        try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
            return read(jar.getPath("/io/lynx/cli/" + folder));
        }
    }

    private static Map<String, String> read(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.filter(Files::isRegularFile).forEach(found::add);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Map<String, String> texts = new TreeMap<>();
        for (Path file : found) {
            texts.put(folder.relativize(file).toString().replace('\\', '/'), Files.readString(file));
        }
        return texts;
    }
}
