package io.lynx.benchmarks.lifecycle;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.util.concurrent.locks.LockSupport;

/** An HTTP service with a plugin whose stop hangs and ignores interrupts. */
public final class HangingService {
    private HangingService() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(args, app -> app.plugin(HttpServer.with(_ -> {})).plugin(new Hanging()));
    }

    private static final class Hanging implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("hanging").build();
        }

        @Override
        public void start(PluginContext context) {}

        @Override
        public void stop(Deadline deadline) {
            System.out.println("hanging now");
            while (true) {
                LockSupport.park(this);
                boolean _ = Thread.interrupted();
            }
        }
    }
}
