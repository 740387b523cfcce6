package io.lynx.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackagedServiceTest {
    @TempDir
    private Path folder;

    @Test
    void readsTheLayoutOfTheParentPom() throws IOException, ImageException {
        jar("greeter-1.0.0.jar", "org.acme.Main", "lib/b.jar lib/a.jar");
        jar("greeter-1.0.0-tests.jar", "", "");
        jar("lib/a.jar", "", "");
        jar("lib/b.jar", "", "");
        Files.writeString(folder.resolve("config.yml"), "");

        PackagedService service = PackagedService.inFolder(folder);

        assertThat(service.name()).isEqualTo("greeter");
        assertThat(service.configuration()).containsExactly(folder.resolve("config.yml"));
        assertThat(service.command(List.of("-Dflag")))
                .startsWith("/opt/java/bin/java", "-XX:+ExitOnOutOfMemoryError")
                .endsWith("-Dflag", "-cp", "/app/greeter.jar:/app/lib/b.jar:/app/lib/a.jar", "org.acme.Main");
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        assertRefused("has 0 jars with a Main-Class in their manifest; exactly one is needed");
        jar("greeter.jar", "org.acme.Main", "lib/a.jar");
        assertRefused("a.jar' does not exist");
        jar("other.jar", "org.acme.Main", "");
        assertRefused("has 2 jars");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> PackagedService.inFolder(folder))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(message);
    }

    private void jar(String name, String main, String classPath) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!main.isEmpty()) {
            attributes.put(Attributes.Name.MAIN_CLASS, main);
        }
        if (!classPath.isEmpty()) {
            attributes.put(Attributes.Name.CLASS_PATH, classPath);
        }
        Path file = folder.resolve(name);
        Files.createDirectories(FileTrees.parent(file));
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
    }
}
