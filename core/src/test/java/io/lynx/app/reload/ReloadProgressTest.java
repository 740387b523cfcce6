package io.lynx.app.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReloadProgressTest {
    private final ManualTime time = new ManualTime();
    private final ReloadProgress progress = new ReloadProgress(time, time, () -> "calling descriptor() of plugin Till");

    @Test
    void describesEachStepAndItsPlace() {
        progress.begin();
        time.advance(Duration.ofSeconds(5));
        assertThat(progress.describe())
                .startsWith(" for 5000 ms while calling descriptor() of plugin Till, at ")
                .contains(" < " + ReloadProgressTest.class.getName() + ".describesEachStepAndItsPlace(");

        progress.applying(ReloadConfig.SECTION);
        assertThat(progress.describe())
                .startsWith(" for 5000 ms while applying the section lynx.config (" + ReloadConfig.class.getName()
                        + "), at ");

        progress.publishing();
        assertThat(progress.describe()).startsWith(" for 5000 ms while publishing its result, at ");
    }

    @Test
    void isSilentWithoutAReload() {
        assertThat(progress.describe()).isEmpty();

        progress.begin();
        time.advance(Duration.ofMinutes(3));
        assertThat(time.pending()).isEqualTo(1);
        progress.end();

        assertThat(progress.describe()).isEmpty();
        assertThat(time.pending()).isZero();
    }
}
