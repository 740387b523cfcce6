package io.lynx.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.json.JsonCodec.JsonReadException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types that are captured, and the search for an implementation. */
class JsonCodecTest {
    /** An implementation that reads null and writes nothing. */
    public static class FirstCodec implements JsonCodec {
        @Override
        public byte[] write(Object value) {
            return new byte[0];
        }

        @Override
        public <T> T read(byte[] json, TypeOf<T> type) {
            throw new JsonReadException("a.b", "must be a number", null);
        }
    }

    /** Another one. */
    public static final class SecondCodec extends FirstCodec {}

    private static InstalledCodec codecOf(Path folder, Class<?>... implementations) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(
                services.resolve(JsonCodec.class.getName()),
                List.of(implementations).stream().map(Class::getName).toList());
        return new InstalledCodec(
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, JsonCodecTest.class.getClassLoader()));
    }

    @Test
    void usesTheInstalledCodec(@TempDir Path folder) throws IOException {
        JsonCodec codec = codecOf(folder, FirstCodec.class);

        assertThat(codec.write("x")).isEmpty();
        assertThatThrownBy(() -> codec.read(new byte[0], String.class)).hasMessage("a.b: must be a number");
    }

    @Test
    void messageNamesWhatToAddIfThereIsNoCodec(@TempDir Path folder) throws IOException {
        JsonCodec codec = codecOf(folder);

        assertThatThrownBy(() -> codec.write("x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "JSON: no implementation is installed; add io.lynx:lynx-json-jackson, or another module that"
                                + " provides io.lynx.json.JsonCodec");
    }

    @Test
    void messageNamesTheCodecsIfThereAreSeveral(@TempDir Path folder) throws IOException {
        JsonCodec codec = codecOf(folder, FirstCodec.class, SecondCodec.class);

        assertThatThrownBy(() -> codec.write("x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("JSON: several implementations are installed (io.lynx.json.JsonCodecTest$FirstCodec,"
                        + " io.lynx.json.JsonCodecTest$SecondCodec); remove all but one, or pass the codec to use");
    }

    @Test
    void typesKeepTheirArguments() {
        TypeOf<Map<String, List<Integer>>> type = new TypeOf<Map<String, List<Integer>>>() {};

        assertThat(type).hasToString("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>");
        assertThat(new TypeOf<String>() {}).isEqualTo(TypeOf.of(String.class));
    }

    @Test
    void aTypeVariableIsRefused() {
        assertThatThrownBy(JsonCodecTest::<String>generic)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TypeOf<T>: a type variable is not known at run time; name a class");
    }

    private static <T> void generic() {
        Object _ = new TypeOf<T>() {};
    }
}
