package io.lynx.health;

import java.util.concurrent.atomic.AtomicInteger;

/** A check that says what a test told it to, and counts how often it was asked. */
final class ScriptedCheck implements HealthCheck {
    private final AtomicInteger runs = new AtomicInteger();
    private volatile HealthCheck answer = Health::up;

    ScriptedCheck says(HealthCheck answer) {
        this.answer = answer;
        return this;
    }

    ScriptedCheck says(Health health) {
        return says(() -> health);
    }

    int runs() {
        return runs.get();
    }

    @Override
    public Health check() throws Exception {
        runs.incrementAndGet();
        return answer.check();
    }
}
