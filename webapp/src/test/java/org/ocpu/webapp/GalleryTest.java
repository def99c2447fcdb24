package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.VersionView;

class GalleryTest {
    private static final List<AppView> APPS = List.of(
            app("ada/stocks", "Prices of Stocks", "Asks an exchange.", 1),
            app("Bob/maps", "Maps", "Draws countries.", 3),
            app("ada/weather", "Weather", "Maps of rain.", 2));

    @Test
    void whatWasPublishedLastIsFirst() {
        assertEquals(List.of("maps", "weather", "stocks"), found("", null));
    }

    @Test
    void everyWordIsToBeInTitleNameOrDescription() {
        assertEquals(List.of("maps", "weather"), found("maps", null));
        assertEquals(List.of("weather"), found("  RAIN   maps ", null));
        assertEquals(
                List.of("stocks", "weather").stream().sorted().toList(),
                found("ADA/", null).stream().sorted().toList());
        assertEquals(List.of(), found("maps rain exchange", null));
    }

    @Test
    void anOwnerIsFoundInAnyCase() {
        assertEquals(List.of("maps"), found("", "bob"));
        assertEquals(List.of("weather"), found("maps", "ADA"));
        assertEquals(List.of(), found("", "nobody"));
    }

    @Test
    void allOwnersAreCountedWhateverIsLookedFor() {
        assertEquals(
                Map.of("ada", 2L, "Bob", 1L),
                new Gallery("nothing", Optional.empty(), 1).in(APPS).owners());
    }

    @Test
    void aPageThatThereIsNotIsTheNearest() {
        for (int page : new int[] {-5, 0, 1, 2, Integer.MAX_VALUE}) {
            assertEquals(1, new Gallery("", Optional.empty(), page).in(APPS).page());
        }
    }

    private static List<String> found(String text, String owner) {
        return new Gallery(text, Optional.ofNullable(owner), 1)
                .in(APPS).shown().stream().map(app -> app.name().repo()).toList();
    }

    private static AppView app(String name, String title, String about, int second) {
        VersionView live =
                new VersionView(second, "1.0", "0123456", "refs/heads/main", Instant.ofEpochSecond(second), true, 1);
        return new AppView(AppName.parse(name), "app", title, about, false, List.of(live), 1);
    }
}
