package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.app.SignalledSetup;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A TERM that comes before there is an application ends the process as TERM should, whatever the main thread does meanwhile. */
@Execution(ExecutionMode.CONCURRENT)
final class SetupSignalTest {
    @ParameterizedTest
    @ValueSource(strings = {"returns", "throws"})
    void isNoErrorOfTheMainThread(String setup) throws Exception {
        try (ServiceProcess service =
                Launch.of(SignalledSetup.class).options("-Dsetup=" + setup).start()) {
            int code = service.awaitExit().code();

            String all = service.output().text();
            assertThat(code).as(all).isEqualTo(143);
            assertThat(all).contains("script main is BLOCKED").doesNotContain("\tat ", "ERROR", "Uncaught");
        }
    }
}
