package io.lynx.jdbc.driver;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the driver of a URL. Stateless. */
public final class Drivers {
    private static final Logger LOG = LoggerFactory.getLogger(Drivers.class);

    private Drivers() {}

    /**
     * Returns the driver that accepts the URL. {@link DriverManager} initializes every driver on the class path, which costs the start of
     * an application up to 0.1 s for each that it does not use; so the driver whose name contains the scheme of the URL is tried first.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Driver find(String url) {
        String scheme = DriverProperties.scheme(url);
        String word = scheme.substring(scheme.indexOf(':') + 1).toLowerCase(Locale.ROOT);
        List<ServiceLoader.Provider<Driver>> installed = installed();
        Optional<Driver> likely = installed.stream()
                .filter(each -> !word.isEmpty()
                        && each.type().getName().toLowerCase(Locale.ROOT).contains(word))
                .map(each -> ifAccepts(each, url))
                .flatMap(Optional::stream)
                .findFirst();
        return likely.orElseGet(() -> registered(url));
    }

    private static List<ServiceLoader.Provider<Driver>> installed() {
        try {
            return ServiceLoader.load(Driver.class).stream().toList();
        } catch (ServiceConfigurationError broken) {
            LOG.atDebug().setCause(broken).log("A driver on the class path cannot be loaded");
            return List.of();
        }
    }

    private static Optional<Driver> ifAccepts(ServiceLoader.Provider<Driver> provider, String url) {
        try {
            Driver driver = provider.get();
            return driver.acceptsURL(url) ? Optional.of(driver) : Optional.empty();
        } catch (SQLException | ServiceConfigurationError broken) {
            LOG.atDebug().setCause(broken).log("A driver on the class path cannot be used");
            return Optional.empty();
        }
    }

    private static Driver registered(String url) {
        try {
            return DriverManager.getDriver(url);
        } catch (SQLException missing) {
            throw new IllegalArgumentException(
                    "url: no driver for '" + DriverProperties.scheme(url)
                            + "' is on the class path; add the driver of the database,"
                            + " such as org.postgresql:postgresql, or correct the URL",
                    missing);
        }
    }
}
