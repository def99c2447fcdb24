package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestBuilds.HELLO;
import static org.ocpu.webapp.TestBuilds.NOON;
import static org.ocpu.webapp.TestBuilds.build;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.State;
import org.w3c.dom.Element;

class BuildFeedTest {
    private static final String PATH = "/ocpu/apps/ada/builds.atom";

    private static Element feed(List<BuildView> builds) throws Exception {
        return Xml.parse(new BuildFeed(URI.create("https://r.example.org"), PATH, "ada", builds).xml());
    }

    private static List<String> links(Element element) {
        return Xml.children(element, "link").stream()
                .map(link -> link.getAttribute("rel") + " " + link.getAttribute("href"))
                .toList();
    }

    /** RFC 4287, sections 4.1.1 and 4.1.2. */
    @Test
    void aFeedAndItsEntriesHaveAllThatAtomWants() throws Exception {
        Element feed = feed(List.of(build(12, HELLO, State.SUCCEEDED)));
        assertEquals("http://www.w3.org/2005/Atom", feed.getNamespaceURI());
        assertEquals("https://r.example.org" + PATH, Xml.text(feed, "id"));
        assertEquals("Builds of ada", Xml.text(feed, "title"));
        assertEquals("2026-01-02T12:01:27Z", Xml.text(feed, "updated"));
        assertEquals(
                List.of("self https://r.example.org" + PATH, "alternate https://r.example.org/builds"), links(feed));
        Element entry = Xml.children(feed, "entry").get(0);
        assertEquals("https://r.example.org/builds/12", Xml.text(entry, "id"));
        assertEquals("ada/hello 1.0.0 succeeded", Xml.text(entry, "title"));
        assertEquals("2026-01-02T12:01:27Z", Xml.text(entry, "updated"));
        assertEquals("ada", Xml.text(Xml.children(entry, "author").get(0), "name"));
        assertEquals(List.of("alternate https://r.example.org/builds/12"), links(entry));
    }

    @Test
    void onlyTheFiftyBuildsThatFinishedLastAreInItTheLastOneFirst() throws Exception {
        List<BuildView> builds = LongStream.rangeClosed(1, 60)
                .mapToObj(id -> build(id, HELLO, id == 60 ? State.RUNNING : State.SUCCEEDED))
                .toList();
        List<Element> entries = Xml.children(feed(builds), "entry");
        assertEquals(50, entries.size());
        assertEquals("https://r.example.org/builds/59", Xml.text(entries.get(0), "id"));
        assertEquals("https://r.example.org/builds/10", Xml.text(entries.get(49), "id"));
    }

    @Test
    void whileNothingIsFinishedTheFeedIsEmptyAndValid() throws Exception {
        Element feed = feed(List.of(build(1, HELLO, State.RUNNING)));
        assertEquals(List.of(), Xml.children(feed, "entry"));
        assertEquals(NOON.toString(), Xml.text(feed, "updated"));
    }

    @Test
    void whatXmlCannotHoldIsLeftOutAndMarkupIsText() throws Exception {
        BuildView failed = build(
                12,
                HELLO,
                State.FAILED,
                Optional.of("\u001b[31merror\u001b[0m: a < b && \uD800 c"),
                "<b> \uD83D\uDE00");
        Element entry = Xml.children(feed(List.of(failed)), "entry").get(0);
        String content = Xml.text(entry, "content");
        assertTrue(content.contains("[31merror[0m: a < b &&  c"), content);
        assertTrue(content.contains("Failed at install"), content);
        assertEquals("<b> \uD83D\uDE00", Xml.text(Xml.children(entry, "author").get(0), "name"));
    }
}
