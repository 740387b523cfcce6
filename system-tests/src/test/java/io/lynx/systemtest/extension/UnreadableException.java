package io.lynx.systemtest.extension;

/** An exception whose own methods throw. */
@SuppressWarnings({"OverrideThrowableToString", "ThrowableEqualsHashCode", "TypeParameterUnusedInFormals"
}) // The point of it.
final class UnreadableException extends RuntimeException {
    private static <T> T refuse(String method) {
        throw new IllegalStateException("exception: " + method + " throws");
    }

    @Override
    public String getMessage() {
        return refuse("getMessage");
    }

    @Override
    public String getLocalizedMessage() {
        return refuse("getLocalizedMessage");
    }

    @Override
    public synchronized Throwable getCause() {
        return refuse("getCause");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
        return refuse("getStackTrace");
    }

    @Override
    public String toString() {
        return refuse("toString");
    }

    @Override
    public boolean equals(Object other) {
        return refuse("equals");
    }

    @Override
    public int hashCode() {
        return refuse("hashCode");
    }
}
