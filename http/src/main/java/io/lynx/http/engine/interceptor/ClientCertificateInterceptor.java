package io.lynx.http.engine.interceptor;

import io.lynx.context.RequestContext;
import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;

/** Makes the holder of the client's certificate the principal of the request. Immutable, as far as the function is. */
public final class ClientCertificateInterceptor implements Interceptor {
    private final Function<X509Certificate, String> name;

    /** An interceptor that takes the name of the principal from the certificate. */
    public ClientCertificateInterceptor(Function<X509Certificate, String> name) {
        this.name = name;
    }

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        List<X509Certificate> chain = request.clientCertificates();
        if (!chain.isEmpty()) {
            RequestContext.current().authenticated(Principal.of(name.apply(chain.getFirst())));
        }
        next.handle(request, response);
    }
}
