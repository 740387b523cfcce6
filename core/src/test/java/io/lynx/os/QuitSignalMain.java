package io.lynx.os;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/** Installs the handler of SIGQUIT and does what it is told by lines: {@code close}, {@code gc}, {@code end}. */
final class QuitSignalMain {
    private QuitSignalMain() {}

    public static void main(String[] args) {
        AtomicInteger count = new AtomicInteger();
        long before = System.nanoTime();
        QuitSignal quit = QuitSignal.install(
                new Runnable() {
                    @Override
                    public void run() {
                        System.out.println("quit " + count.incrementAndGet() + " on "
                                + Thread.currentThread().getName());
                        if (Boolean.getBoolean("throwing")) {
                            throw new IllegalStateException("thrown on purpose");
                        }
                    }
                },
                remark -> System.out.println("remark " + remark),
                InstantSource.system());
        System.out.println("micros " + (System.nanoTime() - before) / 1000);
        System.out.println("pid " + ProcessHandle.current().pid());
        System.out.println(quit.outcome().disposition() + " " + quit.outcome().describe());
        System.out.println("ready");
        for (String line = readLine(); ; line = readLine()) {
            switch (line) {
                case "close" -> quit.close();
                case "gc" -> System.gc();
                case "end" -> {
                    System.out.println("heard " + count.get());
                    return;
                }
                default -> throw new IllegalArgumentException(line);
            }
            System.out.println("done " + line);
        }
    }

    private static String readLine() {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = System.in.read(); c != '\n'; c = System.in.read()) {
                if (c < 0) {
                    return "end";
                }
                line.append((char) c);
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return line.toString();
    }
}
