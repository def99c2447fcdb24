package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.ocpu.builder.BuildView;

/**
 * The finished builds of an owner's apps as an Atom feed (RFC 4287), the one that ended last first.
 *
 * @param site what links begin with
 * @param path of the feed below that
 * @param owner as in the feed's title
 * @param builds finished or not
 */
record BuildFeed(URI site, String path, String owner, List<BuildView> builds) {
    private static final String ATOM = "http://www.w3.org/2005/Atom";
    private static final int ENTRIES = 50;

    byte[] xml() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, UTF_8.name());
            xml.writeStartDocument(UTF_8.name(), "1.0");
            feed(xml);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new WebappException("A feed cannot be written", e);
        }
        return bytes.toByteArray();
    }

    private void feed(XMLStreamWriter xml) throws XMLStreamException {
        List<BuildView> finished = builds.stream()
                .filter(build -> build.finishedAt().isPresent())
                .sorted(Comparator.comparing(BuildFeed::end).reversed())
                .limit(ENTRIES)
                .toList();
        xml.writeStartElement("feed");
        xml.writeDefaultNamespace(ATOM);
        element(xml, "id", site + path);
        element(xml, "title", "Builds of " + owner);
        element(xml, "updated", updated(finished).toString());
        link(xml, "self", site + path);
        link(xml, "alternate", site + "/builds");
        for (BuildView build : finished) {
            entry(xml, build);
        }
        xml.writeEndElement();
    }

    /** When nothing is finished yet, that is when the last build was asked for. */
    private Instant updated(List<BuildView> finished) {
        return finished.stream()
                .map(BuildFeed::end)
                .findFirst()
                .or(() -> builds.stream().map(BuildView::queuedAt).max(Comparator.naturalOrder()))
                .orElse(Instant.EPOCH);
    }

    private void entry(XMLStreamWriter xml, BuildView build) throws XMLStreamException {
        String page = site + "/builds/" + build.id();
        xml.writeStartElement("entry");
        element(xml, "id", page);
        element(xml, "title", title(build));
        element(xml, "published", build.queuedAt().toString());
        element(xml, "updated", end(build).toString());
        xml.writeStartElement("author");
        element(xml, "name", build.pusher().isBlank() ? build.app().owner() : build.pusher());
        xml.writeEndElement();
        link(xml, "alternate", page);
        element(xml, "content", content(build));
        xml.writeEndElement();
    }

    private static String title(BuildView build) {
        String version = build.version().map(number -> " " + number).orElse("");
        return build.app() + version + " " + build.state().label();
    }

    private static String content(BuildView build) {
        StringBuilder text = new StringBuilder("Commit " + build.commit() + " on " + build.branch() + "\n");
        if (!build.message().isEmpty()) {
            text.append(build.message()).append('\n');
        }
        build.failedStage()
                .ifPresent(stage -> text.append("Failed at ").append(stage).append('\n'));
        build.failure().ifPresent(reason -> text.append(reason).append('\n'));
        build.supersededBy()
                .ifPresent(newer -> text.append("Superseded by #").append(newer).append('\n'));
        return text.toString();
    }

    private static Instant end(BuildView build) {
        return build.finishedAt().orElseThrow();
    }

    private static void link(XMLStreamWriter xml, String relation, String address) throws XMLStreamException {
        xml.writeEmptyElement("link");
        xml.writeAttribute("rel", relation);
        xml.writeAttribute("href", address);
    }

    private static void element(XMLStreamWriter xml, String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(printable(text));
        xml.writeEndElement();
    }

    /** Without what XML cannot hold, not even escaped (XML 1.0, section 2.2): compilers colour their complaints. */
    private static String printable(String text) {
        return text.codePoints()
                .filter(c -> c == '\t'
                        || c == '\n'
                        || (c >= ' ' && c <= 0xD7FF)
                        || (c >= 0xE000 && c <= 0xFFFD)
                        || c >= 0x10000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
