package io.lynx.kafka;

/** The user and the password that new connections authenticate with. Thread-safe. */
final class CurrentCredentials {
    private volatile Pair pair;

    record Pair(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    CurrentCredentials(KafkaConfig config) {
        this.pair = new Pair(config.user(), config.password());
    }

    Pair pair() {
        return pair;
    }

    void replace(KafkaConfig config) {
        pair = new Pair(config.user(), config.password());
    }
}
