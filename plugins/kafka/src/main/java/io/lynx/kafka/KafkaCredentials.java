package io.lynx.kafka;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.scram.ScramExtensionsCallback;
import org.jspecify.annotations.Nullable;

/**
 * Answers with the credentials that are valid when a connection is opened, so that others can be put in force while the clients run. The
 * clients create it by its name and configure it. Thread-safe.
 */
public final class KafkaCredentials implements AuthenticateCallbackHandler {
    /** The property that holds the {@link CurrentCredentials}. */
    static final String PROPERTY = "lynx.credentials";

    private volatile @Nullable CurrentCredentials credentials;

    /** For the clients. */
    public KafkaCredentials() {}

    @Override
    public void configure(Map<String, ?> properties, String mechanism, List<AppConfigurationEntry> entries) {
        credentials = (CurrentCredentials) properties.get(PROPERTY);
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        CurrentCredentials.Pair pair =
                Objects.requireNonNull(credentials, PROPERTY + " is not set").pair();
        for (Callback callback : callbacks) {
            switch (callback) {
                case NameCallback name -> name.setName(pair.user());
                case PasswordCallback password ->
                    password.setPassword(pair.password().toCharArray());
                case ScramExtensionsCallback _ -> {
                    // There are none.
                }
                default -> throw new UnsupportedCallbackException(callback);
            }
        }
    }

    @Override
    public void close() {
        // It holds nothing that must be closed.
    }
}
