package io.lynx.transport.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Private keys in the forms that OpenSSL writes. */
class PrivateKeyReaderTest {
    private static final String PASSWORD = "changeit";

    private static List<PemFile.Part> parts(String file) throws IOException {
        try (InputStream in = PrivateKeyReaderTest.class.getResourceAsStream("/keys/" + file)) {
            return PemFile.parts(Objects.requireNonNull(in, file).readAllBytes());
        }
    }

    private static PublicKey certified(String algorithm) throws Exception {
        String file =
                switch (algorithm) {
                    case "RSA" -> "rsa-public.pem";
                    case "EC" -> "ec-public.pem";
                    default -> "ed25519-public.pem";
                };
        return KeyFactory.getInstance(algorithm)
                .generatePublic(new X509EncodedKeySpec(parts(file).getFirst().bytes()));
    }

    private static PrivateKey read(String file, @Nullable String password, String algorithm) throws Exception {
        PemFile.Part key =
                parts(file).stream().filter(PrivateKeyReader::isKey).findFirst().orElseThrow();
        return PrivateKeyReader.read(key, password, certified(algorithm));
    }

    @ParameterizedTest
    @CsvSource({
        "rsa-pkcs1.pem, RSA, SHA256withRSA",
        "rsa-encrypted.pem, RSA, SHA256withRSA",
        "ec-sec1.pem, EC, SHA256withECDSA",
        "ec-pkcs8.pem, EC, SHA256withECDSA",
        "ec-encrypted-pbes1.pem, EC, SHA256withECDSA",
        "ed25519.pem, EdDSA, EdDSA"
    })
    void readsKeys(String file, String algorithm, String signature) throws Exception {
        PrivateKey key = read(file, PASSWORD, algorithm);

        byte[] text = "text".getBytes(StandardCharsets.UTF_8);
        Signature signing = Signature.getInstance(signature);
        signing.initSign(key);
        signing.update(text);
        byte[] signed = signing.sign();
        signing.initVerify(certified(algorithm));
        signing.update(text);
        assertThat(signing.verify(signed)).isTrue();
    }

    @Test
    void saysWhatIsWrongWithTheOthers() {
        assertThatThrownBy(() -> read("rsa-encrypted.pem", null, "RSA"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("holds an encrypted private key; set its password");
        assertThatThrownBy(() -> read("rsa-encrypted.pem", "wrong", "RSA"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be decrypted: its password is wrong");
        assertThatThrownBy(() -> read("rsa-old-encrypted.pem", PASSWORD, "RSA"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("convert it by: openssl pkcs8 -topk8 -in FILE");
        assertThatThrownBy(() -> read("ec-sec1.pem", null, "RSA"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("holds a private key of EC, but the certificate's is one of RSA");
        assertThatThrownBy(() -> read("rsa-pkcs1.pem", null, "EC"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not one of EC as the certificate's");
    }

    @Test
    void aFileThatIsBeingWrittenIsNotRead() {
        assertThatThrownBy(() -> PemFile.parts("-----BEGIN PRIVATE KEY-----\nMIIE".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ends within its part 'PRIVATE KEY'");
    }
}
