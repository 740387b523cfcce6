package io.lynx.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class PromptExitProcessTest {
    @Test
    void endsWithTheCodeAndRunsNoHook() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(PromptExitMain.class, "--enable-native-access=ALL-UNNAMED")) {
            jvm.await("prepared true");

            jvm.writeLine("now");

            assertThat(jvm.exitCode()).isEqualTo(143);
            assertThat(jvm.rest()).isEmpty();
        }
    }

    @Test
    void endsByTheJvmWhereNativeAccessIsDenied() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(PromptExitMain.class, "--illegal-native-access=deny")) {
            jvm.await("prepared false");

            jvm.writeLine("now");

            assertThat(jvm.exitCode()).isEqualTo(143);
        }
    }
}
