package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import org.junit.jupiter.api.Test;

/** The plugins for other libraries' metrics, found on the class path. */
final class BridgesTest {
    @Test
    void doNotStartUnlessConfigured() throws Exception {
        try (ServiceProcess service = Services.http().start()) {
            Services.awaitReady(service);

            assertThat(service.output().text()).doesNotContain("micrometer", "opentelemetry");
            long _ = service.signal(Signal.TERM);
            assertThat(service.awaitExit().code()).isEqualTo(143);
        }
    }

    @Test
    void startIfTheirSectionsExist() throws Exception {
        try (ServiceProcess service = Services.http()
                .arguments("--lynx.micrometer.step=30s", "--lynx.opentelemetry.scope_labels=false")
                .start()) {
            Services.awaitReady(service);

            assertThat(service.output().text()).contains("\"micrometer\"", "\"opentelemetry\"");
            long _ = service.signal(Signal.TERM);
            assertThat(service.awaitExit().code()).isEqualTo(143);
        }
    }
}
