package io.skyroll.app.command;

import io.skyroll.app.sky.SkyDensity;
import io.skyroll.app.sky.SkyImage;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws where a catalog's rows are on the sky. */
@Command(
        name = "plot",
        description = "Draw the density of a catalog's rows on an all-sky map, from its point map or its leaves.",
        mixinStandardHelpOptions = true)
public final class PlotCommand implements Callable<Integer> {
    private static final String HEADLESS = "java.awt.headless";

    @Mixin
    private CatalogOptions catalog = new CatalogOptions();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The image to write, a PNG file.")
    private Path out = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        System.setProperty(HEADLESS, "true");
        try (Store store = catalog.open(catalog.hadoop())) {
            PublishedCatalog main = PublishedCatalog.main(store);
            SkyDensity density = SkyDensity.of(main);
            String title = "%s: %,d rows".formatted(main.name(), density.rows());
            write(SkyImage.of(density, title));
            spec.commandLine()
                    .getOut()
                    .println("%s: %,d rows in cells of order %d, %.4g to %.4g rows per square degree"
                            .formatted(out, density.rows(), density.order(), density.lowest(), density.highest()));
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private void write(java.awt.image.BufferedImage image) {
        try {
            Path directory = out.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            if (!ImageIO.write(image, "png", out.toFile())) {
                throw new IOException("this Java cannot write PNG");
            }
        } catch (IOException refused) {
            throw SkyrollException.configuration("cannot write %s: %s".formatted(out, refused.getMessage()), refused);
        }
    }
}
