package io.lynx.systemtest.dist;

import java.util.List;

/** The distribution cannot be made. */
final class DistException extends RuntimeException {
    DistException(String message) {
        super(message);
    }

    DistException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
