package io.lynx.app;

import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.PluginEvent;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.time.Ticker;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What the parts of an application have in common. Immutable.
 *
 * @param threads makes the virtual threads that no plugin owns
 * @param background runs each task on one of them
 * @param json the JSON codec of the application
 * @param plugins publishes what happens to plugins
 * @param exhausted requests the shutdown because recovery of a required plugin was exhausted; receives the reason
 */
record ApplicationServices(
        ApplicationTime time,
        VirtualThreads threads,
        Executor background,
        ErrorClassifier classifier,
        LoggingBackends logging,
        JsonCodec json,
        Notifier<PluginEvent> plugins,
        Consumer<String> exhausted) {
    /** Returns what publishes the events of plugins; its first consumer ends the process if the virtual machine has failed. */
    static Notifier<PluginEvent> pluginEvents(Ticker ticker, ProcessHooks hooks) {
        Notifier<PluginEvent> plugins = new Notifier<>(ticker);
        Registration _ = plugins.add("virtual machine failures", event -> {
            if (event instanceof PluginEvent.VirtualMachineFailed failed) {
                hooks.virtualMachineFailed(failed.failure());
            }
        });
        return plugins;
    }
}
