package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestBuilds.HELLO;
import static org.ocpu.webapp.TestBuilds.build;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;
import org.w3c.dom.Element;

class BadgeTest {
    private static final Optional<AppView> LIVE = Optional.of(TestBuilds.app(HELLO, "1.2.0"));

    private static String text(Optional<AppView> app, BuildView... newest) {
        return Badge.of(HELLO, app, List.of(newest)).text();
    }

    @Test
    void anAppIsBuildingWhileABuildOfItWaitsOrRuns() {
        assertEquals("building", text(LIVE, build(12, HELLO, State.RUNNING), build(11, HELLO, State.FAILED)));
        assertEquals("building", text(Optional.empty(), build(1, HELLO, State.QUEUED)));
    }

    @Test
    void theNewestFinishedBuildSaysWhetherItIsFailing() {
        BuildView succeeded = build(11, HELLO, State.SUCCEEDED);
        assertEquals("failing", text(LIVE, succeeded, build(12, HELLO, State.FAILED)));
        assertEquals("passing 1.2.0", text(LIVE, succeeded, build(10, HELLO, State.FAILED)));
    }

    @Test
    void theVersionIsTheLiveOneAlsoAfterARollback() {
        assertEquals(
                "passing 1.1.0", text(Optional.of(TestBuilds.app(HELLO, "1.1.0")), build(12, HELLO, State.SUCCEEDED)));
    }

    @Test
    void whatIsNotThereIsUnknownAlsoWhenItOnceWas() {
        assertEquals("unknown", text(Optional.empty()));
        assertEquals("unknown", text(Optional.empty(), build(12, HELLO, State.SUCCEEDED)));
        assertFalse(Badge.of(HELLO, Optional.empty(), List.of()).known());
    }

    @Test
    void thePictureIsWellFormedWithATitleForThoseWhoDoNotSeeIt() throws Exception {
        AppView odd = TestBuilds.app(HELLO, "1.0 <&\">");
        Element svg = Xml.parse(Badge.of(HELLO, Optional.of(odd), List.of()).svg());
        assertEquals("ada/hello: passing 1.0 <&\">", Xml.text(svg, "title"));
        assertEquals("img", svg.getAttribute("role"));
        assertEquals(Xml.text(svg, "title"), svg.getAttribute("aria-label"));
        assertTrue(Integer.parseInt(svg.getAttribute("width")) > 100, svg.getAttribute("width"));
    }
}
