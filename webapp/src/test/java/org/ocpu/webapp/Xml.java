package org.ocpu.webapp;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads XML as any client would. */
final class Xml {
    private Xml() {}

    static Element parse(String text) throws Exception {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    static Element parse(byte[] text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(text))
                .getDocumentElement();
    }

    /** The elements of that name directly within another. */
    static List<Element> children(Element parent, String name) {
        NodeList nodes = parent.getChildNodes();
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .filter(element -> element.getLocalName().equals(name))
                .toList();
    }

    /** The text of the one element of that name. */
    static String text(Element parent, String name) {
        List<Element> found = children(parent, name);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " elements " + name);
        }
        return found.get(0).getTextContent();
    }
}
