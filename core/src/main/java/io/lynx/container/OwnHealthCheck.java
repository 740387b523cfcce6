package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.container.PluginServices.HealthRegistrar;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health check of a plugin itself, which is named for the plugin. A coordinator and a thread of the plugin that dies may show
 * it at the same time. Thread-safe.
 */
final class OwnHealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(OwnHealthCheck.class);

    private final String plugin;
    private final HealthRegistrar registrar;
    private final HealthCheck check;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Registration shown;

    OwnHealthCheck(String plugin, HealthRegistrar registrar, HealthCheck check) {
        this.plugin = plugin;
        this.registrar = registrar;
        this.check = check;
    }

    /**
     * Registers the check anew, so that it runs at once. A failure to do so is logged, since it must end neither the start of the
     * plugins nor the report of a thread that has died.
     *
     * @param applies whether the check should still be shown when the other calls of this check are over
     */
    void show(BooleanSupplier applies) {
        lock.lock();
        try {
            if (applies.getAsBoolean()) {
                close();
                shown = UserCode.<@Nullable Registration>call(
                        () -> registrar.register(plugin, plugin, HealthCheckOptions.defaults(), check),
                        null,
                        this::notShown);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes the check. */
    void hide() {
        lock.lock();
        try {
            close();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void close() {
        Registration before = shown;
        shown = null;
        if (before != null) {
            before.close();
        }
    }

    private void notShown(Throwable failure) {
        LOG.atWarn()
                .addKeyValue("plugin", plugin)
                .setCause(UserCode.loggable(failure))
                .log("Health check of a plugin could not be registered; the health of the plugin is not known");
    }
}
