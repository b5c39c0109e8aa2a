package io.skyroll.app.build;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What was built: the version that Maven wrote into a resource. */
public final class Build {
    private static final String RESOURCE = "build.properties";

    private Build() {}

    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = Build.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw SkyrollException.defect("the resource %s is missing from the build".formatted(RESOURCE));
            }
            properties.load(in);
        } catch (IOException failure) {
            throw SkyrollException.defect("cannot read the resource %s".formatted(RESOURCE), failure);
        }
        return properties.getProperty("version");
    }
}
