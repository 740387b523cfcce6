package io.lynx.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ImageArgumentsTest {
    private static final Path HERE = Path.of("/here");

    @Test
    void readsSingleAndRepeatedOptions() throws ImageException {
        ImageArguments arguments = ImageArguments.parse(
                List.of(
                        "--out",
                        "a.tar",
                        "--train",
                        "/a",
                        "--train",
                        "/b",
                        "--add-modules",
                        "m,n",
                        "--add-modules",
                        "o",
                        "--training-env",
                        "URL=a=b"),
                HERE);

        assertThat(arguments.path("--out", "other")).isEqualTo(Path.of("/here/a.tar"));
        assertThat(arguments.path("--work", "target")).isEqualTo(Path.of("/here/target"));
        assertThat(arguments.all("--train")).containsExactly("/a", "/b");
        assertThat(arguments.names("--add-modules")).containsExactly("m", "n", "o");
        assertThat(arguments.variables()).containsEntry("URL", "a=b");
        assertThat(arguments.hasCache()).isTrue();
        assertThat(arguments.value("--base")).isNull();
    }

    @Test
    void readsThatNoCacheIsWanted() throws ImageException {
        assertThat(ImageArguments.parse(List.of("--no-aot"), HERE).hasCache()).isFalse();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertRefused("'--size' is not an option; './build image --help' lists them", "--size", "1");
        assertRefused("--out: its value is missing", "--out");
        assertRefused("--out: given twice", "--out", "a", "--out", "b");
    }

    private static void assertRefused(String message, String... arguments) {
        assertThatThrownBy(() -> ImageArguments.parse(List.of(arguments), HERE))
                .isInstanceOf(ImageException.class)
                .hasMessage(message);
    }

    @Test
    void needsAService() throws ImageException {
        ImageArguments arguments = ImageArguments.parse(List.of(), HERE);

        assertThatThrownBy(arguments::service)
                .hasMessage("name a service: --jar DIR, the folder with its jar and lib/");
    }
}
