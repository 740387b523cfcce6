package io.lynx.app;

import java.time.Duration;

/** What the process of an application does at steps of its life. Each method is called at most once. */
interface ProcessHooks {
    /** Does nothing, for an application that is only a part of its process. */
    ProcessHooks NONE = new ProcessHooks() {};

    /** Receives the configuration when it is bound. */
    default void configured(ShutdownConfig config) {}

    /** Called when the application is ready. */
    default void ready() {}

    /** Called when a shutdown begins. */
    default void stopping(Duration budget) {}

    /** Called when the virtual machine cannot be trusted any more. */
    default void virtualMachineFailed(Throwable error) {}
}
