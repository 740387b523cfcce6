package io.lynx.systemtest.audit;

/** An audit that cannot be made; its message says what is wrong with the input. */
final class AuditException extends RuntimeException {
    AuditException(String message) {
        super(message);
    }
}
