package io.lynx.opentelemetry;

import io.lynx.time.Deadline;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Collection;

/** The destination of pushed metrics. One push runs at a time; {@link #abort} may be called meanwhile. */
interface Destination {
    /** Sends {@code metrics} and waits for the result, until {@code deadline} at most. Never throws. */
    Delivery deliver(Collection<MetricData> metrics, Deadline deadline);

    /** Ends the push in progress, if there is one. */
    void abort();
}
