package io.lynx.security.http;

import io.lynx.context.RequestScope;
import io.lynx.http.client.ClientRequest;
import io.lynx.http.client.ClientResponse;
import io.lynx.time.Deadline;
import org.jspecify.annotations.Nullable;

/** Calls to a provider carry nothing of the request for which they are made: no id, no trace, no baggage. Stateless. */
final class ProviderCall {
    private ProviderCall() {}

    /**
     * Makes a call outside of the context of the request in progress.
     *
     * @param deadline of that request, if the call is made for it
     */
    static ClientResponse send(ClientRequest request, @Nullable Deadline deadline) {
        try {
            return RequestScope.of("", deadline).call(request::send);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Adds the query of a URL. */
    static ClientRequest withQuery(ClientRequest request, ProviderUrl url) {
        for (int i = 0; i < url.query().size(); i += 2) {
            request.query(url.query().get(i), url.query().get(i + 1));
        }
        return request;
    }
}
