package io.lynx.systemtest.app;

import io.lynx.app.Lynx;

/** A main that fails before there is an application. */
public final class BrokenMain {
    private BrokenMain() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(args, _ -> {
            throw new IllegalStateException("main broke as scripted");
        });
    }
}
