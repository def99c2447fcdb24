package org.ocpu.webapp;

import java.util.Locale;
import org.ocpu.builder.AppView;

/** The picture of an app: its own {@code inst/icon.png}, else a tile with its first letter in a colour that stays the same. */
final class AppIcon {
    private static final int HUES = 8;

    private AppIcon() {}

    /** @param home the app's address */
    static Html of(AppView app, String home) {
        if (app.icon()) {
            return Html.of(
                    "<img class=\"icon\" src=\"{}icon.png\" alt=\"\" width=\"48\" height=\"48\" loading=\"lazy\">",
                    home);
        }
        return Html.of(
                "<span class=\"icon\" data-hue=\"{}\" aria-hidden=\"true\">{}</span>",
                Math.floorMod(app.name().key().hashCode(), HUES),
                app.packageName().substring(0, 1).toUpperCase(Locale.ROOT));
    }
}
