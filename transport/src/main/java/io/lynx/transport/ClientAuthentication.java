package io.lynx.transport;

/** Whether clients must present a certificate. */
public enum ClientAuthentication {
    /** A client without a certificate is refused. */
    REQUIRED,
    /** A client may have none; one whose certificate is not accepted is refused all the same. */
    WANTED
}
