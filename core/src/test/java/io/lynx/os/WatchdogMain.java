package io.lynx.os;

import io.lynx.app.Lynx;

/** A service under a service manager with a watchdog. */
final class WatchdogMain {
    private WatchdogMain() {}

    public static void main(String[] args) {
        Lynx.run(args, app -> app.discoverPlugins(false)
                .set("lynx.application.name", "watched")
                .set("lynx.application.version", "1.0.0"));
    }
}
