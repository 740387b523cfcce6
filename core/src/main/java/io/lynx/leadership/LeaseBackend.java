package io.lynx.leadership;

import io.lynx.extension.ExtensionPoint;
import io.lynx.extension.ResourceKey;
import java.time.Duration;

/**
 * Where leases are kept: a system that all instances share, and whose clock decides when a lease ends. A plugin shares its backend under
 * {@link #key}, and its descriptor provides the capability {@link #CAPABILITY}. Implementations must be thread-safe. Calls may block;
 * after a third of the lease the thread is interrupted and the call counts as failed.
 */
@ExtensionPoint(
        thread = "a virtual thread of the plugin that is a candidate",
        deadline = "a third of lynx.leadership.<name>.lease; then the thread is interrupted")
public interface LeaseBackend {
    /** The capability of plugins that share a backend; a plugin that uses leadership can require it. */
    String CAPABILITY = "leadership";

    /** Returns the key under which the plugin of that id shares its backend. */
    static ResourceKey<LeaseBackend> key(String plugin) {
        return ResourceKey.of(plugin + ".leadership", LeaseBackend.class);
    }

    /**
     * Grants a lease if no holder has one of that name.
     *
     * @param leadership the name
     * @param holder identifies the term; unique
     * @param duration after which it ends unless it is renewed, counted from a time after the call began
     * @throws Exception if the system cannot be used
     */
    LeaseAnswer acquire(String leadership, String holder, Duration duration) throws Exception;

    /**
     * Lets a lease last {@code duration} from now.
     *
     * @return false if it has ended
     * @throws Exception if the system cannot be used
     */
    boolean renew(Lease lease, Duration duration) throws Exception;

    /**
     * Ends a lease, so that another can be granted at once. Does nothing if it has ended.
     *
     * @throws Exception if the system cannot be used; the lease then ends when its time is over
     */
    void release(Lease lease) throws Exception;
}
