package io.lynx.app;

import io.lynx.extension.Notifier;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.PluginEvent;
import io.lynx.recovery.ErrorClassifier;
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
        Consumer<String> exhausted) {}
