package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.leadership.Leadership;
import io.lynx.leadership.LeaseBackend;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;

class UnusedLeadershipTest {
    private record Reports() implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("reports")
                    .requires(LeaseBackend.CAPABILITY)
                    .build();
        }

        @Override
        public void start(PluginContext context) {
            Leadership _ = context.leadership("reports");
        }
    }

    @Test
    void aSectionWithoutACandidateIsReported() {
        try (LynxTest lynx = LynxTest.of(new JdbcPlugin(), new Reports())
                .with("lynx.jdbc.url", TestDatabase.url())
                .with("lynx.leadership.reports.lease", "5s")
                .with("lynx.leadership.repotrs.lease", "5s")
                .start()) {
            String warning = lynx.logs()
                    .await("no plugin is a candidate for this leadership")
                    .message();

            assertThat(warning)
                    .isEqualTo("lynx.leadership.repotrs: no plugin is a candidate for this leadership; correct the name"
                            + " (in use: reports) or remove the section");
            assertThat(lynx.logs().containing("lynx.leadership.reports:")).isEmpty();
        }
    }
}
