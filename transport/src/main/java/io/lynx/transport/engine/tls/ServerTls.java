package io.lynx.transport.engine.tls;

import io.lynx.transport.CertificateFiles;
import io.lynx.transport.ClientAuthentication;
import io.lynx.transport.TlsFiles;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * What was made of the files of a listener's TLS. Immutable.
 *
 * @param identities the certificates, the one for clients that name no other first
 * @param context of new connections
 * @param digest identifies the content of the files
 */
record ServerTls(List<ServerIdentity> identities, SslContext context, String digest) {
    private static final List<String> PROTOCOLS = List.of("h2", "http/1.1");

    /**
     * Reads the files.
     *
     * @param section the configuration section that messages name, such as {@code lynx.http.tls}
     * @param contents receives the content of the files
     * @throws IllegalArgumentException if one cannot be read or does not hold what it should
     */
    static ServerTls read(String section, TlsFiles files, TlsFileContents contents) {
        List<ServerIdentity> identities = new ArrayList<>();
        List<CertificateFiles> all = files.all();
        for (int i = 0; i < all.size(); i++) {
            String its = i == 0 ? section : section + ".more[" + (i - 1) + "]";
            identities.addAll(IdentityReader.read(its, all.get(i), contents));
        }
        SslContextBuilder builder = SslContextBuilder.forServer(new ServerKeys(identities))
                .sslProvider(SslProvider.JDK)
                .protocols(files.protocols())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.FATAL_ALERT,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.FATAL_ALERT,
                        PROTOCOLS));
        if (!files.ciphers().isEmpty()) {
            builder.ciphers(files.ciphers());
        }
        files.clientCertificates().ifPresent(file -> {
            String key = section + ".client_certificates";
            List<X509Certificate> authorities = TlsOptions.chain(key, file, contents.of(key, file));
            builder.trustManager(authorities).clientAuth(clientAuth(files));
        });
        try {
            return new ServerTls(List.copyOf(identities), builder.build(), contents.digest());
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException(
                    section + ": the files cannot be used (" + unusable.getMessage() + ")", unusable);
        }
    }

    private static ClientAuth clientAuth(TlsFiles files) {
        boolean isWanted = files.clientAuthentication()
                .filter(ClientAuthentication.WANTED::equals)
                .isPresent();
        return isWanted ? ClientAuth.OPTIONAL : ClientAuth.REQUIRE;
    }
}
