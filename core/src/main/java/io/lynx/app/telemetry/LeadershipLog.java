package io.lynx.app.telemetry;

import io.lynx.extension.UserCode;
import io.lynx.leadership.LeadershipEvent;
import io.lynx.leadership.LeadershipEvent.EndOfTerm;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Logs what happens to candidacies for leaderships. Stateless and thread-safe. */
final class LeadershipLog {
    private static final Logger log = LoggerFactory.getLogger("io.lynx");

    private LeadershipLog() {}

    static void log(String plugin, LeadershipEvent event) {
        String name = event.leadership();
        switch (event) {
            case LeadershipEvent.Gained gained ->
                line(Level.INFO, plugin, name)
                        .addKeyValue("term", gained.token().value())
                        .log("Leader of '{}'", name);
            case LeadershipEvent.Ended ended ->
                line(ended.cause() == EndOfTerm.RELEASED ? Level.INFO : Level.WARN, plugin, name)
                        .addKeyValue("term", ended.token().value())
                        .log("Not the leader of '{}' any more: {}", name, ended.reason());
            case LeadershipEvent.CallFailed failed -> {
                LoggingEventBuilder line = line(failed.inSequence() == 1 ? Level.WARN : Level.DEBUG, plugin, name);
                if (failed.failure() instanceof TimeoutException overdue) {
                    line = line.addKeyValue("stack", LifecycleLog.frames(List.of(overdue.getStackTrace())));
                }
                line.log(
                        "Leadership '{}': the call to {} the lease failed: {}; further failures are not logged"
                                + " until a call succeeds",
                        name,
                        failed.operation(),
                        UserCode.describe(failed.failure()));
            }
            case LeadershipEvent.Reconnected reconnected ->
                line(Level.INFO, plugin, name)
                        .addKeyValue("failures", reconnected.failures())
                        .log("Leadership '{}': calls succeed again", name);
            case LeadershipEvent.ActionFailed failed ->
                line(Level.WARN, plugin, name)
                        .setCause(UserCode.loggable(failed.failure()))
                        .log("Leadership '{}': the action '{}' failed", name, failed.action());
            case LeadershipEvent.ActionOverdue overdue ->
                line(Level.WARN, plugin, name)
                        .addKeyValue("stack", LifecycleLog.frames(overdue.stack()))
                        .log(
                                "Leadership '{}': the action '{}' does not return in time and was interrupted; let it"
                                        + " begin work on another thread and return, or raise"
                                        + " lynx.leadership.{}.action_timeout",
                                name,
                                overdue.action(),
                                name);
        }
    }

    private static LoggingEventBuilder line(Level level, String plugin, String name) {
        return log.atLevel(level).addKeyValue("plugin", plugin).addKeyValue("leadership", name);
    }
}
