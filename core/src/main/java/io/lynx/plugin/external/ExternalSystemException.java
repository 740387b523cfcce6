package io.lynx.plugin.external;

/**
 * A plugin failed to start because its external system could not be reached, or did not accept it. The message names the address, the
 * cause and the remedy; the cause is that of the last attempt. It counts as external: another start may succeed.
 */
public final class ExternalSystemException extends Exception {
    ExternalSystemException(String message, Throwable cause) {
        super(message, cause);
    }
}
