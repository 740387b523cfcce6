package io.lynx.systemtest.extension;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Implementations of extension points that are hostile in one method and work in the others. Thread-safe. */
final class HostileCode {
    /** What the stack of a call that hangs contains. */
    static final String FRAME = "HostileCode.hang";

    private final Hostility hostility;
    private final CountDownLatch released = new CountDownLatch(1);
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    HostileCode(Hostility hostility) {
        this.hostility = hostility;
    }

    Hostility hostility() {
        return hostility;
    }

    /**
     * Returns an implementation of {@code type} whose methods of one name are hostile.
     *
     * @param good serves the other methods, and the hostile one where it returns normally
     */
    <T> T in(String method, Class<T> type, T good) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, called, arguments) -> answer(type, method, good, proxy, called, arguments)));
    }

    @SuppressWarnings("ReferenceEquality") // A proxy is equal to itself alone.
    private @Nullable Object answer(
            Class<?> type,
            String hostile,
            Object good,
            Object proxy,
            Method called,
            @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (called.getDeclaringClass() == Object.class) {
            return switch (called.getName()) {
                case "equals" -> proxy == (arguments == null ? null : arguments[0]);
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "hostile " + type.getSimpleName();
            };
        }
        if (called.getName().equals(hostile)) {
            if (commit(type, hostile) && !called.getReturnType().isPrimitive()) {
                return null;
            }
        }
        try {
            called.setAccessible(true);
            return called.invoke(good, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void count(Class<?> type, String method) {
        calls.computeIfAbsent(point(type, method), _ -> new AtomicInteger()).incrementAndGet();
    }

    private static String point(Class<?> type, String method) {
        return type.getSimpleName() + "." + method;
    }

    /** Returns how often the framework has called a hostile method. */
    int calls(Class<?> type, String method) {
        AtomicInteger count = calls.get(point(type, method));
        return count == null ? 0 : count.get();
    }

    /** Does it, and returns whether null is to be returned. */
    private boolean commit(Class<?> type, String method) {
        if (hostility != Hostility.HANG) { // That counts itself.
            count(type, method);
        }
        switch (hostility) {
            case RUNTIME_EXCEPTION -> throw new IllegalStateException("hostile " + point(type, method));
            case STACK_OVERFLOW -> throw overflow(0);
            case LINKAGE_ERROR -> throw new NoClassDefFoundError("hostile/" + point(type, method));
            case UNREADABLE_EXCEPTION -> throw new UnreadableException();
            case NULL -> {
                return true;
            }
            case HANG -> hang(type, method);
            case INTERRUPT -> Thread.currentThread().interrupt();
        }
        return false;
    }

    @SuppressWarnings("InfiniteRecursion") // The point of it.
    private static RuntimeException overflow(int depth) {
        RuntimeException unreachable = overflow(depth + 1);
        return depth > 0 ? unreachable : new IllegalStateException();
    }

    /** Counts the call when its frame is on the stack, where the framework is to find it from then on. */
    private void hang(Class<?> type, String method) {
        count(type, method);
        boolean interrupted = false;
        while (true) {
            try {
                released.await();
                break;
            } catch (InterruptedException ignored) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends every hang. */
    void release() {
        released.countDown();
    }
}
