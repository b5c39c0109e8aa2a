package io.skyroll.app.sky;

import io.skyroll.healpix.SkyPoint;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/** Draws the density of rows on the whole sky. Owned by one thread. */
public final class SkyImage {
    private static final int WIDTH = 1600;
    private static final int HEIGHT = 980;
    /** Pixels per unit of the projection. */
    private static final double SCALE = 265;

    private static final int CENTRE_X = WIDTH / 2;
    private static final int CENTRE_Y = 465;
    private static final int BAR_WIDTH = 900;
    private static final int BAR_HEIGHT = 22;
    private static final int BAR_TOP = 878;
    private static final int TICK = 6;

    private static final int RA_STEP = 30;
    private static final int DEC_STEP = 15;
    /** Degrees between the points of a line. */
    private static final int LINE_STEP = 1;

    private static final Color PAPER = Color.WHITE;
    private static final Color INK = new Color(0x202020);
    private static final Color EMPTY = new Color(0xD8D8D8);
    /** Seen on every colour of the scale. */
    private static final Color GRID = new Color(255, 255, 255, 130);

    private final SkyDensity density;
    private final LogScale scale;
    private final BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    private final Graphics2D pen = image.createGraphics();

    private SkyImage(SkyDensity density) {
        this.density = density;
        this.scale = LogScale.of(density);
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    }

    /** Draws an image; needs no display. */
    public static BufferedImage of(SkyDensity density, String title) {
        SkyImage drawing = new SkyImage(density);
        try {
            drawing.draw(title);
        } finally {
            drawing.pen.dispose();
        }
        return drawing.image;
    }

    private void draw(String title) {
        pen.setColor(PAPER);
        pen.fillRect(0, 0, WIDTH, HEIGHT);
        drawSky();
        drawGrid();
        labelGrid();
        drawBar();
        font(Font.BOLD, 26);
        centred(title, CENTRE_X, 48);
    }

    private void drawSky() {
        for (int row = 0; row < HEIGHT; row++) {
            for (int column = 0; column < WIDTH; column++) {
                Optional<SkyPoint> point =
                        Mollweide.invert((column + 0.5 - CENTRE_X) / SCALE, (CENTRE_Y - row - 0.5) / SCALE);
                if (point.isPresent()) {
                    double value =
                            density.at(point.get().raDegrees(), point.get().decDegrees());
                    Color colour = value == 0 ? EMPTY : LogScale.colour(scale.place(value));
                    image.setRGB(column, row, colour.getRGB());
                }
            }
        }
    }

    private void drawGrid() {
        pen.setColor(GRID);
        pen.setStroke(new BasicStroke(1.2f));
        // From the middle to the left, then from the right edge back to the middle.
        for (int offset = -180 + RA_STEP; offset < 180; offset += RA_STEP) {
            drawMeridian(offset);
        }
        for (int dec = -90 + DEC_STEP; dec < 90; dec += DEC_STEP) {
            Path2D line = new Path2D.Double();
            for (int offset = -180; offset <= 180; offset += LINE_STEP) {
                extend(line, offset, dec);
            }
            pen.draw(line);
        }
        pen.setColor(INK);
        pen.setStroke(new BasicStroke(2));
        drawMeridian(-180);
        drawMeridian(180);
    }

    private void drawMeridian(int ra) {
        Path2D line = new Path2D.Double();
        for (int dec = -90; dec <= 90; dec += LINE_STEP) {
            extend(line, ra, dec);
        }
        pen.draw(line);
    }

    private static void extend(Path2D line, double ra, double dec) {
        Mollweide.Point point = Mollweide.project(ra, dec);
        if (line.getCurrentPoint() == null) {
            line.moveTo(x(point), y(point));
        } else {
            line.lineTo(x(point), y(point));
        }
    }

    private static double x(Mollweide.Point point) {
        return CENTRE_X + SCALE * point.x();
    }

    private static double y(Mollweide.Point point) {
        return CENTRE_Y - SCALE * point.y();
    }

    private void labelGrid() {
        font(Font.PLAIN, 15);
        for (int offset = -120; offset <= 120; offset += 2 * RA_STEP) {
            labelRa(offset);
        }
        for (int dec = -60; dec <= 60; dec += 2 * DEC_STEP) {
            Mollweide.Point point = Mollweide.project(180, dec);
            String text = "%+d°".formatted(dec).replace("+0", "0");
            int width = pen.getFontMetrics().stringWidth(text);
            centred(text, (int) x(point) - width / 2 - 10, (int) y(point) + 5);
        }
        font(Font.ITALIC, 15);
        centred("ICRS, right ascension grows to the left", CENTRE_X, CENTRE_Y + 402);
    }

    /** On paper of its own, since what is under it may have any colour. */
    private void labelRa(int offset) {
        Mollweide.Point point = Mollweide.project(offset, 0);
        String text = "%d°".formatted(Math.floorMod(offset, 360));
        FontMetrics metrics = pen.getFontMetrics();
        int width = metrics.stringWidth(text);
        int left = (int) x(point) - width / 2;
        int base = (int) y(point) - 5;
        pen.setColor(new Color(255, 255, 255, 200));
        pen.fillRoundRect(left - 3, base - metrics.getAscent(), width + 6, metrics.getHeight(), 6, 6);
        centred(text, (int) x(point), base);
    }

    private void drawBar() {
        int left = CENTRE_X - BAR_WIDTH / 2;
        for (int x = 0; x < BAR_WIDTH; x++) {
            pen.setColor(LogScale.colour((x + 0.5) / BAR_WIDTH));
            pen.fillRect(left + x, BAR_TOP, 1, BAR_HEIGHT);
        }
        pen.setColor(INK);
        pen.setStroke(new BasicStroke(1));
        pen.drawRect(left, BAR_TOP, BAR_WIDTH, BAR_HEIGHT);
        font(Font.PLAIN, 15);
        for (double tick : scale.ticks()) {
            int x = left + (int) Math.round(BAR_WIDTH * scale.place(tick));
            pen.setColor(INK);
            pen.drawLine(x, BAR_TOP + BAR_HEIGHT, x, BAR_TOP + BAR_HEIGHT + TICK);
            centred(text(tick), x, BAR_TOP + BAR_HEIGHT + TICK + 16);
        }
        font(Font.PLAIN, 16);
        centred("rows per square degree", CENTRE_X, BAR_TOP + BAR_HEIGHT + 50);
    }

    private static String text(double tick) {
        BigDecimal rounded = new BigDecimal(tick).round(new MathContext(1));
        return tick >= 1e6 || tick < 1e-3
                ? "%.0e".formatted(tick)
                : rounded.stripTrailingZeros().toPlainString();
    }

    private void font(int style, int size) {
        pen.setFont(new Font(Font.SANS_SERIF, style, size));
    }

    private void centred(String text, int x, int base) {
        pen.setColor(INK);
        pen.drawString(text, x - pen.getFontMetrics().stringWidth(text) / 2, base);
    }
}
