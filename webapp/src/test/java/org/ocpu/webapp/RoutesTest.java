package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are told from others by their address alone, before they are handled. */
class RoutesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/builds/7/events",
                "/api/v1/runs/7/events",
                "/api/v1/builds/events",
                "/api/v1/builds//events",
                "/api/v1/builds/7/events/",
                "//api/v1//runs/7/events//"
            })
    void streamsOfEventsAreKnown(String path) {
        assertTrue(Routes.isEvents("GET", path));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/builds/7/events",
        "HEAD, /api/v1/builds/7/events",
        "GET, /ocpu/library/base/R/identity/events",
        "GET, /ocpu/tmp/x0123456789/files/events",
        "GET, /ocpu/tmp/x0123456789/files/api/v1/builds/7/events",
        "GET, /ocpu/tmp/x0123456789/../../../api/v1/builds/7/events",
        "GET, /api/v1/builds/7/8/events",
        "GET, /api/v1/runs/events",
        "GET, /api/v1/buildsevents",
        "GET, /api/v1/apps/ada/hello/events",
        "GET, /api/v1/builds/7/log",
        "GET, *"
    })
    void nothingElseIsTakenForOne(String method, String path) {
        assertFalse(Routes.isEvents(method, path));
    }
}
