package io.lynx.systemtest.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The comment of a public class or interface says how threads may use it, or that it is immutable. Records, sealed
 * families of them, enums and exceptions are immutable by their kind, and an extension point names its thread in its annotation.
 */
final class ThreadSafetyTest {
    private static final Pattern EXPORT = Pattern.compile("exports ([\\w.]+);");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("^public (?:abstract |final |non-sealed )*(?:class|interface) (\\w+)", Pattern.MULTILINE);
    private static final Pattern SAID = Pattern.compile("[Tt]hread|[Ii]mmutable|[Ss]tateless|@ExtensionPoint");

    @Test
    void everyPublicTypeSaysHowThreadsMayUseIt() throws IOException {
        List<String> silent = new ArrayList<>();
        int seen = 0;
        for (Path module : ProjectFiles.modules()) {
            Path sources = module.resolve("src/main/java");
            for (Path file : exported(sources)) {
                String text = Files.readString(file);
                Matcher type = PUBLIC_TYPE.matcher(text);
                if (type.find() && !type.group(1).endsWith("Exception")) {
                    seen++;
                    if (!SAID.matcher(text.substring(0, type.start())).find()) {
                        silent.add(ProjectFiles.ROOT.relativize(file).toString());
                    }
                }
            }
        }

        assertThat(silent).isEmpty();
        assertThat(seen).isGreaterThan(80);
    }

    /** The files of the packages that a module exports. */
    private static List<Path> exported(Path sources) throws IOException {
        Path descriptor = sources.resolve("module-info.java");
        if (!Files.exists(descriptor)) {
            return List.of();
        }
        List<String> packages = EXPORT.matcher(Files.readString(descriptor))
                .results()
                .map(match -> match.group(1).replace('.', '/'))
                .toList();
        return ProjectFiles.sources().stream()
                .filter(file -> file.startsWith(sources))
                .filter(file -> packages.contains(sources.relativize(Objects.requireNonNull(file.getParent()))
                        .toString()))
                .toList();
    }
}
