package io.lynx.http;

import io.lynx.os.ListenSocketGate;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate of the operating system's kernel. Making it ready takes a while, so that is done in the background once the
 * port is open; until then, and where there is none, the port cannot be closed to handshakes. Thread-safe.
 */
final class KernelGate implements ListenGate {
    private static final Logger log = LoggerFactory.getLogger(KernelGate.class);

    private volatile @Nullable ListenSocketGate ready;

    /** Makes it ready, on a thread of {@code background}. */
    void prepare(Executor background) {
        background.execute(() -> ready = ListenSocketGate.prepare());
    }

    @Override
    public boolean close(int port) {
        ListenSocketGate gate = ready;
        if (gate == null) {
            return false;
        }
        ListenSocketGate.Result result = gate.close(port);
        log.debug(result.reason());
        return result.isClosed();
    }
}
