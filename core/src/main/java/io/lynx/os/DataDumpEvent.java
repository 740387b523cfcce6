package io.lynx.os;

import static io.lynx.os.NativeCalls.INT;
import static io.lynx.os.NativeCalls.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;

/**
 * A subscription to the JVM's event {@code DataDumpRequest}, which HotSpot posts after it has printed the thread dump
 * that SIGQUIT requests.
 *
 * <p>JVMTI is a C interface of numbered functions and events (JVM Tool Interface, sections "Function Index" and "Event
 * Index"). The numbers are part of its contract and the same on every platform:
 * <pre>
 * libjvm: JNI_GetCreatedJavaVMs(JavaVM **vms, jsize room, jsize *count)
 * JavaVM  -> table: three reserved, DestroyJavaVM, AttachCurrentThread, DetachCurrentThread, GetEnv   slot 6
 * jvmtiEnv -> table: function n in slot n - 1
 *     2 SetEventNotificationMode(env, mode, event, thread, ...)     variadic, and no argument follows
 *   122 SetEventCallbacks(env, callbacks, size)
 *   127 DisposeEnvironment(env)
 * jvmtiEventCallbacks: a pointer for each event from 50 (VMInit) on; event 71 (DataDumpRequest) in slot 21
 * </pre>
 * <p>The event needs no capability and is sent in the live phase only. It arrives on the thread that printed the dump:
 * the Signal Dispatcher for SIGQUIT, the Attach Listener for {@code jcmd JVMTI.data_dump}. An exception that leaves the
 * upcall would end the JVM, so all are caught. The upcall's code is never freed, because the dispatcher may be running
 * it when the subscription ends.
 */
final class DataDumpEvent implements AutoCloseable {
    private static final int JVMTI_VERSION_1_2 = 0x3001_0200;
    private static final int GET_ENV_SLOT = 6;
    private static final int SET_EVENT_NOTIFICATION_MODE = 2;
    private static final int SET_EVENT_CALLBACKS = 122;
    private static final int DISPOSE_ENVIRONMENT = 127;
    private static final int FIRST_EVENT = 50;
    private static final int DATA_DUMP_REQUEST = 71;
    private static final int ENABLE = 1;
    private static final int DISABLE = 0;
    static final String DISPATCHER = "Signal Dispatcher";

    private final MemorySegment environment;
    private final Runnable onSignal;
    private volatile boolean closed;

    private DataDumpEvent(MemorySegment environment, Runnable onSignal) {
        this.environment = environment;
        this.onSignal = onSignal;
    }

    /**
     * Subscribes. {@code onSignal} is called on the JVM's Signal Dispatcher and must return at once.
     *
     * @throws RuntimeException if this JVM is not supported or denies native access
     */
    static DataDumpEvent subscribe(Path libjvm, Runnable onSignal) {
        try {
            DataDumpEvent event = new DataDumpEvent(newEnvironment(createdJvm(libjvm)), onSignal);
            event.setCallback();
            event.setMode(ENABLE);
            return event;
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    private static MemorySegment createdJvm(Path libjvm) throws Throwable {
        MethodHandle createdJvms = Linker.nativeLinker()
                .downcallHandle(
                        NativeCalls.symbolsOf(libjvm).findOrThrow("JNI_GetCreatedJavaVMs"),
                        FunctionDescriptor.of(INT, POINTER, INT, POINTER));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment jvm = arena.allocate(POINTER);
            MemorySegment count = arena.allocate(INT);
            check("JNI_GetCreatedJavaVMs", (int) createdJvms.invokeExact(jvm, 1, count));
            if (count.get(INT, 0) != 1) {
                throw new IllegalStateException(libjvm + " is not the library of this JVM");
            }
            return jvm.get(POINTER, 0);
        }
    }

    private static MemorySegment newEnvironment(MemorySegment jvm) throws Throwable {
        MethodHandle getEnv = NativeCalls.inTable(jvm, GET_ENV_SLOT, FunctionDescriptor.of(INT, POINTER, POINTER, INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment environment = arena.allocate(POINTER);
            check("GetEnv", (int) getEnv.invokeExact(jvm, environment, JVMTI_VERSION_1_2));
            return environment.get(POINTER, 0);
        }
    }

    private void setCallback() throws Throwable {
        MethodHandle onEvent =
                MethodHandles.lookup().bind(this, "onEvent", MethodType.methodType(void.class, MemorySegment.class));
        MemorySegment upcall =
                Linker.nativeLinker().upcallStub(onEvent, FunctionDescriptor.ofVoid(POINTER), Arena.global());
        MethodHandle setEventCallbacks =
                function(SET_EVENT_CALLBACKS, FunctionDescriptor.of(INT, POINTER, POINTER, INT));
        int slot = DATA_DUMP_REQUEST - FIRST_EVENT;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment callbacks = arena.allocate(POINTER, slot + 1);
            callbacks.setAtIndex(POINTER, slot, upcall);
            int size = (int) callbacks.byteSize();
            check("SetEventCallbacks", (int) setEventCallbacks.invokeExact(environment, callbacks, size));
        }
    }

    private void setMode(int mode) throws Throwable {
        MethodHandle setMode = function(
                SET_EVENT_NOTIFICATION_MODE,
                FunctionDescriptor.of(INT, POINTER, INT, INT, POINTER),
                Linker.Option.firstVariadicArg(4));
        check("SetEventNotificationMode", (int)
                setMode.invokeExact(environment, mode, DATA_DUMP_REQUEST, MemorySegment.NULL));
    }

    private void dispose() throws Throwable {
        MethodHandle dispose = function(DISPOSE_ENVIRONMENT, FunctionDescriptor.of(INT, POINTER));
        check("DisposeEnvironment", (int) dispose.invokeExact(environment));
    }

    private MethodHandle function(int number, FunctionDescriptor signature, Linker.Option... options) {
        return NativeCalls.inTable(environment, number - 1, signature, options);
    }

    private static void check(String function, int result) {
        if (result != 0) {
            throw new IllegalStateException(function + " returned the error " + result);
        }
    }

    /** Called by the JVM for each dump. */
    @SuppressWarnings({"unused", "CatchAndPrintStackTrace"})
    private void onEvent(MemorySegment jvmtiEnv) {
        try {
            if (!closed && Thread.currentThread().getName().equals(DISPATCHER)) {
                onSignal.run();
            }
        } catch (Throwable t) {
            // The caller is native code of the JVM, so nothing may be thrown.
            report(t);
        }
    }

    private static void report(Throwable t) {
        try {
            t.printStackTrace();
        } catch (Throwable hopeless) {
            // Even printing failed. The thread dump has been printed, and the JVM goes on.
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            setMode(DISABLE);
            dispose();
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }
}
