package io.lynx.http.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.Attributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * Finds instances by the SRV records of DNS (RFC 2782), with their priorities and weights. Immutable and thread-safe.
 *
 * @param name such as {@code _http._tcp.inventory.example.com}
 * @param resolver the URL of the DNS servers; {@code dns:} for those of the system
 */
record SrvDiscovery(String name, String resolver) implements ServiceDiscovery {
    private static final String RECORD = "SRV";
    private static final int PARTS = 4;

    /**
     * Checks the name: the naming API would take one with a colon for a URL, and ask another service than DNS.
     *
     * @throws IllegalArgumentException if it has other characters than letters, digits, dots, hyphens and underscores
     */
    SrvDiscovery {
        if (!name.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException("srv: '" + name + "' is not a name of DNS");
        }
    }

    @Override
    // The naming API takes a Hashtable; the name cannot leave DNS, and text records are not deserialized.
    @SuppressWarnings({"JdkObsolete", "BanJNDI"})
    public List<ServiceAddress> find() throws IOException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, resolver);
        environment.put("com.sun.jndi.dns.timeout.initial", "1000");
        environment.put("com.sun.jndi.dns.timeout.retries", "2");
        try {
            DirContext dns = new InitialDirContext(environment);
            try {
                return addresses(dns.getAttributes(name, new String[] {RECORD}));
            } finally {
                dns.close();
            }
        } catch (NamingException e) {
            throw new IOException("the SRV records of " + name + " cannot be read", e);
        }
    }

    private static List<ServiceAddress> addresses(Attributes records) throws NamingException, IOException {
        List<ServiceAddress> found = new ArrayList<>();
        Attribute all = records.get(RECORD);
        NamingEnumeration<?> values = all == null ? null : all.getAll();
        while (values != null && values.hasMore()) {
            String[] parts = String.valueOf(values.next()).split(" ", -1);
            if (parts.length != PARTS || parts[3].equals(".")) {
                continue;
            }
            String host = parts[3].endsWith(".") ? parts[3].substring(0, parts[3].length() - 1) : parts[3];
            found.add(new ServiceAddress(host, number(parts[2]), "", number(parts[0]), number(parts[1])));
        }
        return found;
    }

    private static int number(String text) throws IOException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            throw new IOException("an SRV record is malformed", malformed);
        }
    }
}
