package io.lynx.systemtest.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where programs are searched for. */
final class DebianPackagesTest {
    @Test
    void prefersAProgramOnThePath(@TempDir Path folder) throws IOException, InterruptedException {
        install(folder.resolve("tool"));

        DebianProgram found =
                DebianPackages.in(Map.of("PATH", folder.toString())).program("tool", "tools");

        assertThat(found).isEqualTo(new DebianProgram(folder.resolve("tool"), Map.of()));
    }

    @Test
    void anUnpackedProgramFindsTheLibrariesUnpackedWithIt(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path root = folder.resolve("lynx/tools");
        Path program = Files.createDirectories(root.resolve("usr/sbin")).resolve("tool");
        install(program);
        Path libraries = Files.createDirectories(root.resolve("usr/lib/x86_64-linux-gnu"));

        DebianProgram found = DebianPackages.in(Map.of("PATH", "/nowhere", "XDG_CACHE_HOME", folder.toString()))
                .program("tool", "tools");

        assertThat(found.path()).isEqualTo(program);
        assertThat(found.environment()).containsExactly(Map.entry("LD_LIBRARY_PATH", libraries.toString()));
        assertThat(found.as("nobody", "-c", "x"))
                .containsExactly(
                        "setpriv",
                        "--reuid=nobody",
                        "--regid=nobody",
                        "--clear-groups",
                        "env",
                        "LD_LIBRARY_PATH=" + libraries,
                        program.toString(),
                        "-c",
                        "x");
    }

    private static void install(Path program) throws IOException {
        Files.writeString(program, "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
