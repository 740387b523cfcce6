package io.lynx.transport;

import java.time.Instant;
import java.util.List;

/**
 * The certificates that a listener uses, and what is wrong with those in its files. Immutable and thread-safe.
 *
 * @param certificates in the order of the configuration
 * @param problem why the files, which have changed, are not used; empty if they are
 * @param reloads how often changed files have replaced certificates in use
 * @param failures how many versions of the files could not be used
 */
public record CertificateStatus(List<Used> certificates, String problem, long reloads, long failures) {
    /**
     * One of them.
     *
     * @param name the first name that it is for, or its subject
     * @param names the names and addresses that it is for, in lower case
     * @param expiry the end of its validity
     */
    public record Used(String name, List<String> names, Instant expiry) {
        /** Copies the list. */
        public Used {
            names = List.copyOf(names);
        }
    }

    /** Copies the list. */
    public CertificateStatus {
        certificates = List.copyOf(certificates);
    }
}
