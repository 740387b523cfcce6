package io.lynx.app;

import java.time.Duration;

/** What an application tells the process that it makes up; an embedded one tells nobody. Called at most once each. */
interface ProcessHooks {
    /** For an application that is only a part of its process. */
    ProcessHooks NONE = new ProcessHooks() {};

    /** The configuration is bound. */
    default void configured(ShutdownConfig config) {}

    /** Requests are let in. */
    default void ready() {}

    /** A stop has begun, with that budget. */
    default void stopping(Duration budget) {}

    /** The virtual machine itself cannot be trusted any more. */
    default void virtualMachineFailed(Throwable error) {}
}
