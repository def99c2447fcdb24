package org.ocpu.builder;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A list of packages that somebody keeps: one of CRAN's task views, {@code .ctv} (XML, until 2022) or {@code .md} (since then), or
 * just names, one a line, with comments after {@code #}.
 */
final class TaskView {
    /** Inline code such as {@code `r pkg("zoo", priority = "core")`}. */
    private static final Pattern PKG = Pattern.compile("`r\\s+pkg\\(\\s*(?:\"([^\"`]*)\"|'([^'`]*)')\\s*[,)][^`]*`");

    private final RepositoryFiles files;

    TaskView(RepositoryFiles files) {
        this.files = files;
    }

    /**
     * The names it lists, in its order.
     *
     * @throws BuildFailure naming the address, when it cannot be had or is none
     * @throws BuildStopped when this is to end, or the thread is interrupted
     */
    List<String> names(URI location, StopSignal stop) {
        RepositoryFiles.Answer answer = files.get(location, RepositoryFiles.Validators.NONE, stop);
        if (!answer.ok()) {
            throw RepositoryFiles.failure(
                    location,
                    answer.missing() ? "there is no such task view" : "the server answers " + answer.status());
        }
        try {
            return parse(location, answer.body());
        } catch (BuildFailure e) {
            throw RepositoryFiles.failure(location, "this is not a task view: " + e.getMessage());
        }
    }

    private static List<String> parse(URI location, byte[] body) {
        String path = String.valueOf(location.getPath()).toLowerCase(Locale.ROOT);
        String text = new String(body, StandardCharsets.UTF_8);
        Set<String> names = new LinkedHashSet<>();
        if (path.endsWith(".ctv") || text.stripLeading().startsWith("<?xml")) {
            names.addAll(listedInXml(body));
        } else if (path.endsWith(".md") || PKG.matcher(text).find()) {
            names.addAll(mentioned(text));
        } else {
            names.addAll(lines(text));
        }
        if (names.isEmpty()) {
            throw new BuildFailure("it names no package");
        }
        for (String name : names) {
            if (!Description.isName(name)) {
                throw new BuildFailure("not a package name: " + Text.line(name, 80));
            }
        }
        return List.copyOf(names);
    }

    private static List<String> lines(String text) {
        return text.lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static List<String> mentioned(String text) {
        List<String> names = new ArrayList<>();
        Matcher mention = PKG.matcher(text);
        while (mention.find()) {
            names.add((mention.group(1) == null ? mention.group(2) : mention.group(1)).strip());
        }
        return names;
    }

    /** Neither a DTD nor what it could refer to is read; an entity of it is then an error. */
    private static List<String> listedInXml(byte[] body) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        List<String> names = new ArrayList<>();
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(body));
            boolean listing = false;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.END_ELEMENT) {
                    listing &= !xml.getLocalName().equals("packagelist");
                } else if (event == XMLStreamConstants.START_ELEMENT) {
                    listing |= xml.getLocalName().equals("packagelist");
                    if (listing && xml.getLocalName().equals("pkg")) {
                        names.add(xml.getElementText().strip());
                    }
                }
            }
        } catch (XMLStreamException e) {
            throw new BuildFailure(
                    "its XML is wrong in line %d".formatted(e.getLocation().getLineNumber()), e);
        }
        return names;
    }
}
