package io.lynx.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModuleScanTest {
    /** Refers to one module by a call, and to another by the type of a parameter alone. */
    abstract static class Subject {
        abstract void use(Connection connection);

        static Logger logger() {
            return Logger.getGlobal();
        }
    }

    @Test
    void findsTheModulesOfCalledAndOfMentionedTypes(@TempDir Path folder) throws IOException {
        Path jar = folder.resolve("subject.jar");
        String name = Subject.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                var in = Subject.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new JarEntry(name));
            assertThat(in).isNotNull();
            in.transferTo(out);
        }

        assertThat(ModuleScan.of(List.of(jar))).containsExactly("java.base", "java.logging", "java.sql");
    }
}
