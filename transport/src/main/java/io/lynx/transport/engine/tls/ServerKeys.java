package io.lynx.transport.engine.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate of a handshake: the first one with a key of the kind that the JDK asks for, and for the name that the client
 * asks for (RFC 6066, 3) if there is one. The others are tried with the next kind of key. Immutable.
 */
final class ServerKeys extends X509ExtendedKeyManager {
    private final List<ServerIdentity> identities;

    ServerKeys(List<ServerIdentity> identities) {
        this.identities = List.copyOf(identities);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        String host = host(engine);
        int index = host == null ? -1 : index(keyType, host);
        if (index < 0 && (host == null || !isAnyFor(host))) {
            index = index(keyType, null);
        }
        return index < 0 ? null : Integer.toString(index);
    }

    /** A client without the kind of key of a certificate for its name gets no certificate for another name. */
    private boolean isAnyFor(String host) {
        return identities.stream().anyMatch(identity -> identity.isFor(host));
    }

    private int index(String keyType, @Nullable String host) {
        for (int i = 0; i < identities.size(); i++) {
            ServerIdentity identity = identities.get(i);
            if (identity.key().getAlgorithm().equals(keyType) && (host == null || identity.isFor(host))) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable String host(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return null;
    }

    private ServerIdentity identity(String alias) {
        return identities.get(Integer.parseInt(alias));
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    // Sockets and clients, which a listener does not have.

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
