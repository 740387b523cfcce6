package io.lynx.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;

/** Has a thread wait in native code, and ends itself with code 143 when there is something to read. */
final class PromptExitMain {
    private PromptExitMain() {}

    public static void main(String[] args) throws IOException {
        Thread.ofPlatform().daemon().start(PromptExitMain::waitForSockets);
        PromptExit exit = PromptExit.prepare();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
        System.out.println("prepared " + (exit != PromptExit.BY_JVM));
        int _ = System.in.read();
        exit.now(143);
    }

    private static void waitForSockets() {
        try (Selector selector = Selector.open()) {
            int _ = selector.select();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
