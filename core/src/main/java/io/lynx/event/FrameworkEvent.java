package io.lynx.event;

/**
 * What the framework says about itself: a closed set, so that a {@code switch} over it needs no default. Published on
 * the topics of {@link LynxTopics}, where it happens, after it has happened, and under no lock. All are immutable
 * records.
 */
public sealed interface FrameworkEvent
        permits LifecycleEvent,
                HealthChanged,
                BreakerTransition,
                ErrorEvent,
                RecoveryEvent,
                ConfigEvent,
                ShutdownEvent {}
