package io.lynx.app;

/** Runs services. */
public final class Lynx {
    private Lynx() {}
}
