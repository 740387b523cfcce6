package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Answers that are an interface, kept as files. */
final class Golden {
    private Golden() {}

    static void assertEquals(String name, byte[] actual) {
        try (InputStream file = Golden.class.getResourceAsStream("/golden/" + name)) {
            String expected = new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(new String(actual, StandardCharsets.UTF_8)).as(name).isEqualTo(expected);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
