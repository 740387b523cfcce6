package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Leadership;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The code of the guide to leadership. */
class LeadershipGuideTest {
    private final List<String> journal = new CopyOnWriteArrayList<>();

    private static LynxTest start(Plugin plugin) {
        return LynxTest.application(app ->
                        app.discoverPlugins(false).plugin(new JdbcPlugin()).plugin(plugin))
                .with("lynx.application.name", "reports")
                .with("lynx.application.version", "1")
                .with("lynx.jdbc.url", TestDatabase.url())
                .with("lynx.jdbc.migrations.enabled", "false")
                .with("lynx.leadership.report.lease", "10s")
                .with("lynx.leadership.delivery.poll_interval", "100ms")
                .start();
    }

    @Test
    void leaderWritesReports() throws Exception {
        try (LynxTest lynx = start(new ReportPlugin())) {
            TestDatabase.execute(
                    lynx.resource(JdbcPlugin.key()),
                    "CREATE TABLE report (id IDENTITY PRIMARY KEY, text VARCHAR(100))");

            Await.until(
                    "a report is written",
                    () -> TestDatabase.count(lynx.resource(JdbcPlugin.key()), "SELECT count(*) FROM report") > 0);
            assertThat(lynx.metrics().value("lynx_leadership_leader", "leadership", "report"))
                    .isEqualTo(1);
        }
    }

    /** Delivers until it is not the leader any more. */
    private final class DeliveryPlugin implements Plugin {
        private final AtomicReference<@Nullable Leadership> leadership = new AtomicReference<>();

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("delivery").requires("jdbc").build();
        }

        // snippet: leadership-actions
        @Override
        public void start(PluginContext context) {
            AtomicReference<@Nullable Thread> worker = new AtomicReference<>();
            leadership.set(context.leadership("delivery")
                    .onGained(token -> {
                        Thread thread = context.threads().newThread(() -> deliver(token));
                        worker.set(thread);
                        thread.start();
                    })
                    .onLost(token -> {
                        Thread thread = worker.getAndSet(null);
                        if (thread != null) {
                            thread.interrupt();
                            thread.join();
                        }
                    }));
        }
        // end

        private void deliver(FencingToken token) {
            journal.add("begun " + token.leadership());
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException over) {
                journal.add("ended");
            }
        }
    }

    @Test
    void workOfTheLeaderEndsBeforeTheLeaseIsReleased() {
        try (LynxTest _ = start(new DeliveryPlugin())) {
            Await.until("the work begins", () -> !journal.isEmpty());
        }

        assertThat(journal).containsExactly("begun delivery", "ended");
    }
}
