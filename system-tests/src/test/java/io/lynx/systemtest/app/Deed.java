package io.lynx.systemtest.app;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** What a scripted plugin does when it is started or stopped, or in a handler. The names of the methods appear in stacks on purpose. */
enum Deed {
    /** Nothing, as a good plugin would. */
    NOTHING,
    /** Never returns; an interrupt ends it. */
    HANG,
    /** Never returns, and does not hear an interrupt. */
    HANG_DEAF,
    /** Computes without end. */
    COMPUTE,
    /** Waits for the static initializer of a class, which another thread never leaves. */
    STATIC_INITIALIZER,
    /** Calls a native function that does not return. */
    NATIVE_CALL,
    /** Returns long after everybody has given up on it. */
    LATE,
    /** Goes on for three seconds whatever interrupts it, as the loading of classes does on a machine that is busy. */
    LOAD,
    /** Throws an exception. */
    THROW,
    /** Calls System.exit(7). */
    EXIT,
    /** Fills the heap. */
    OUT_OF_MEMORY,
    /** Recurses without end. */
    STACK_OVERFLOW,
    /** Leaves a platform thread behind that is not a daemon and does not end. */
    LEAVE_THREAD;

    void run(String plugin) throws Exception {
        switch (this) {
            case NOTHING -> {
                // As it says.
            }
            case HANG -> hangUntilInterrupted();
            case HANG_DEAF -> hangForEver();
            case COMPUTE -> compute();
            case STATIC_INITIALIZER -> initialize();
            case NATIVE_CALL -> callNative();
            case LATE -> returnLate();
            case LOAD -> load();
            case THROW -> throw new IllegalStateException(plugin + " broke as scripted");
            case EXIT -> System.exit(7);
            case OUT_OF_MEMORY -> fillHeap();
            case STACK_OVERFLOW -> System.out.println(recurse(0));
            case LEAVE_THREAD ->
                Thread.ofPlatform().daemon(false).name("left-by-" + plugin).start(Deed::hangForEver);
        }
    }

    private static void hangUntilInterrupted() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private static void hangForEver() {
        while (true) {
            LockSupport.park();
            boolean _ = Thread.interrupted();
        }
    }

    @SuppressWarnings("InfiniteLoopStatement") // The point of it.
    private static void compute() {
        long value = 1;
        while (true) {
            value = value * 31 + System.nanoTime();
            if (value == 0) {
                System.out.println("never printed");
            }
        }
    }

    private static void initialize() throws InterruptedException {
        Thread _ = Thread.ofPlatform().daemon().name("initializes").start(Stuck::touch);
        Stuck.ENTERED.await();
        Stuck.touch();
    }

    /** Apart from the class below, whose initializer uses it. */
    private static final class Stuck {
        static final CountDownLatch ENTERED = new CountDownLatch(1);

        static void touch() {
            System.out.println(Endless.VALUE);
        }
    }

    private static final class Endless {
        static final Object VALUE = waitForEver();

        private static Object waitForEver() {
            Stuck.ENTERED.countDown();
            hangForEver();
            return "never";
        }
    }

    private static void callNative() {
        Linker linker = Linker.nativeLinker();
        MethodHandle sleep = linker.downcallHandle(
                linker.defaultLookup().find("sleep").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            while (true) {
                int _ = (int) sleep.invokeExact(3600);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void returnLate() {
        ignoreInterrupts(4_000_000_000L);
    }

    private static void load() {
        ignoreInterrupts(3_000_000_000L);
    }

    private static void ignoreInterrupts(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
            boolean _ = Thread.interrupted();
        }
    }

    private static void fillHeap() {
        List<byte[]> all = new ArrayList<>();
        while (all.size() < Integer.MAX_VALUE) {
            all.add(new byte[1 << 20]);
        }
    }

    private static long recurse(long depth) {
        return depth < 0 ? 0 : recurse(depth + 1) + depth;
    }
}
