package io.lynx.leadership;

import io.lynx.extension.ExtensionPoint;

/**
 * What an instance does when it becomes the leader, or when it is the leader no more. Actions of one leadership never overlap, unless one
 * does not return in time. An action begins or ends work and returns; work that lasts belongs on a thread of the plugin.
 */
@FunctionalInterface
@ExtensionPoint(
        thread = "a virtual thread of its plugin, one for each call",
        deadline = "lynx.leadership.<name>.action_timeout; then the thread is interrupted")
public interface LeadershipAction {
    /**
     * Acts.
     *
     * @param token of the term that begins or has ended
     * @throws Exception if it fails; an instance whose action for the gain fails gives the leadership up
     */
    void run(FencingToken token) throws Exception;
}
