package io.lynx.security.http;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Secret;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Clients that identify themselves by a key in a header: {@code lynx.security.api_keys}. Immutable.
 *
 * @param header the name of the header
 * @param clients by the name of the principal
 */
public record ApiKeysConfig(
        @Doc("Name of the header with the key.") @Default("X-API-Key")
        String header,

        @Doc("Clients, by the name of the principal.") Map<String, ApiClient> clients) {
    /**
     * Copies the map.
     *
     * @throws IllegalArgumentException if the header is not usable, there is no client, or two have the same key
     */
    public ApiKeysConfig {
        clients = Map.copyOf(clients);
        if (!header.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}") || isTaken(header.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "header: '" + header + "'; the name of a header that has no other meaning, such as X-API-Key");
        }
        if (clients.isEmpty()) {
            throw new IllegalArgumentException("clients: none; at least one with a key");
        }
        Set<String> hashes = new HashSet<>();
        clients.forEach((name, client) -> client.keys().forEach((key, hash) -> {
            if (!hashes.add(hash)) {
                throw new IllegalArgumentException(
                        "clients." + name + ".keys." + key + ": the same key stands at another place; each key once");
            }
        }));
    }

    private static boolean isTaken(String header) {
        return switch (header) {
            case "authorization",
                    "cookie",
                    "host",
                    "connection",
                    "content-length",
                    "content-type",
                    "transfer-encoding" -> true;
            default -> false;
        };
    }

    /**
     * A client. Immutable.
     *
     * @param keys the SHA-256 of each of its keys, by a name
     * @param roles of its principal
     */
    public record ApiClient(
            @Doc("SHA-256 of each of its keys in hexadecimal digits, by a name of your choice.") @Secret
            Map<String, String> keys,

            @Doc("Roles of the client.") @Default("[]") List<String> roles) {
        /**
         * Copies the collections.
         *
         * @throws IllegalArgumentException if there is no key, or one is not hashed
         */
        public ApiClient {
            roles = List.copyOf(roles);
            keys.forEach((name, hash) -> {
                if (!hash.matches("[0-9a-f]{64}")) {
                    throw new IllegalArgumentException("keys." + name
                            + ": not a SHA-256; 64 hexadecimal digits in lower case, which HashedCredential prints");
                }
            });
            keys = Map.copyOf(keys);
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("keys: none; at least one");
            }
        }

        /** Never shows the hashes. */
        @Override
        public String toString() {
            return "ApiClient[keys=" + keys.keySet() + ", roles=" + roles + "]";
        }
    }
}
