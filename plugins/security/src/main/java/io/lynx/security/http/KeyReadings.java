package io.lynx.security.http;

import io.lynx.extension.UserCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of the readings of an issuer's keys: counted, and logged when it changes. One thread at a time reports. Thread-safe. */
final class KeyReadings {
    private static final Logger log = LoggerFactory.getLogger(SecurityPlugin.class);

    /** Counts a reading. */
    @FunctionalInterface
    interface Count {
        void read(boolean isRead);
    }

    private final String issuer;
    private final String place;
    private final Count count;
    private volatile int failures;
    private volatile String lastFailure = "";

    KeyReadings(String issuer, String place, Count count) {
        this.issuer = issuer;
        this.place = place;
        this.count = count;
    }

    String issuer() {
        return issuer;
    }

    /** Returns where the keys are read. */
    String place() {
        return place;
    }

    void succeeded(boolean isFirst, int keys) {
        int failed = failures;
        failures = 0;
        lastFailure = "";
        count.read(true);
        if (isFirst || failed > 0) {
            log.atInfo()
                    .addKeyValue("issuer", issuer)
                    .addKeyValue("keys", keys)
                    .addKeyValue("failures", failed)
                    .log("Keys of issuer {} were read from {}", issuer, place);
        }
    }

    /**
     * A reading has failed.
     *
     * @param consequence what that means for requests
     */
    void failed(Throwable failure, String consequence) {
        int failed = failures + 1;
        lastFailure = UserCode.describe(failure);
        failures = failed;
        count.read(false);
        // The first, second, fourth, eighth and so on.
        if (Integer.bitCount(failed) == 1) {
            log.atWarn()
                    .addKeyValue("issuer", issuer)
                    .addKeyValue("failures", failed)
                    .log("Keys of issuer {} cannot be read from {}; {}: {}", issuer, place, consequence, lastFailure);
        }
    }

    /** Returns how many readings in a row have failed. */
    int failures() {
        return failures;
    }

    /** Returns why the last reading failed; empty if it did not. */
    String lastFailure() {
        return lastFailure;
    }
}
