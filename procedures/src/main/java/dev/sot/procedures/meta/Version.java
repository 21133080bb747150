package dev.sot.procedures.meta;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build wrote into the jar. */
public final class Version {

    private Version() {}

    /** Such as 1.2.3. */
    public static String get() {
        try (InputStream in = Version.class.getResourceAsStream("/sot/version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
