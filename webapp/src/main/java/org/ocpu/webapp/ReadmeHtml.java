package org.ocpu.webapp;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.task.list.items.TaskListItemMarker;
import org.commonmark.ext.task.list.items.TaskListItemsExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;
import org.ocpu.builder.Readme;

/**
 * A repository's README as part of a page: Markdown as GitHub writes it, without what would be of another site or could do anything.
 * HTML in it is shown as it is written; pictures are links; links within the repository lead to it at the version's commit, if it
 * has a page, and are plain text otherwise.
 */
final class ReadmeHtml {
    /** What the ids on the page begin with, so that none is like one of the page's own. */
    private static final String PREFIX = "readme-";

    /** Of the first heading: the page has a title, and the README one of the page. */
    private static final int HIGHEST = 3;

    private static final int LOWEST = 6;
    private static final int DEEPEST = 100;
    private static final Pattern MARKDOWN = Pattern.compile("(?i).*\\.(md|markdown)");
    private static final Pattern ELSEWHERE = Pattern.compile("(?i)(https?://|mailto:).+", Pattern.DOTALL);
    private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:.*", Pattern.DOTALL);

    private static final List<org.commonmark.Extension> EXTENSIONS = List.of(
            TablesExtension.create(),
            StrikethroughExtension.create(),
            AutolinkExtension.create(),
            TaskListItemsExtension.create());

    private static final Parser PARSER =
            Parser.builder().extensions(EXTENSIONS).maxOpenBlockParsers(DEEPEST).build();

    private static final TextContentRenderer WORDS =
            TextContentRenderer.builder().extensions(EXTENSIONS).build();

    private final Readme readme;
    private final Map<Node, String> ids = new HashMap<>();

    private ReadmeHtml(Readme readme) {
        this.readme = readme;
    }

    static Html of(Readme readme) {
        if (!MARKDOWN.matcher(readme.path()).matches()) {
            return plain(readme);
        }
        Node document = PARSER.parse(readme.text());
        List<Node> nodes = nodes(document);
        return nodes.isEmpty() ? plain(readme) : new ReadmeHtml(readme).rendered(document, nodes);
    }

    private static Html plain(Readme readme) {
        return Html.of("<pre class=\"plain\" tabindex=\"0\" aria-label=\"README\">{}</pre>\n", readme.text());
    }

    /** All nodes in the order of the text; none when they are nested deeper than a person would. */
    private static List<Node> nodes(Node document) {
        List<Node> nodes = new ArrayList<>();
        int depth = 0;
        Node node = document;
        while (node != null) {
            nodes.add(node);
            if (node.getFirstChild() != null) {
                depth++;
                node = node.getFirstChild();
            } else {
                while (node != null && node.getNext() == null) {
                    depth--;
                    node = node.getParent();
                }
                node = node == null ? null : node.getNext();
            }
            if (depth > 2 * DEEPEST) {
                return List.of();
            }
        }
        return nodes;
    }

    private Html rendered(Node document, List<Node> nodes) {
        settleHeadings(nodes);
        for (Node node : nodes) {
            if (node instanceof Image image) {
                replacePicture(image);
            } else if (isComment(node)) {
                node.unlink();
            }
        }
        nodes.stream().filter(Link.class::isInstance).map(Link.class::cast).forEach(this::settle);
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .escapeHtml(true)
                .sanitizeUrls(true)
                .attributeProviderFactory(context -> attributes())
                .build();
        return new Html(renderer.render(document));
    }

    private static boolean isComment(Node node) {
        return (node instanceof HtmlBlock block && block.getLiteral().strip().matches("(?s)<!--.*-->"))
                || (node instanceof HtmlInline inline && inline.getLiteral().startsWith("<!--"));
    }

    /** No level is left out, whatever the author did, and no two have the same id. */
    private void settleHeadings(List<Node> nodes) {
        Deque<Integer> above = new ArrayDeque<>();
        Map<String, Integer> used = new HashMap<>();
        for (Node node : nodes) {
            if (node instanceof Heading heading) {
                while (!above.isEmpty() && above.peek() >= heading.getLevel()) {
                    above.pop();
                }
                above.push(heading.getLevel());
                heading.setLevel(Math.min(LOWEST, HIGHEST - 1 + above.size()));
                String slug = slug(WORDS.render(heading));
                int before = used.merge(slug, 1, Integer::sum) - 1;
                ids.put(heading, PREFIX + slug + (before == 0 ? "" : "-" + before));
            }
        }
    }

    /** As GitHub makes it. */
    private static String slug(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    /** Browsers are not to ask other servers for it; a picture that is a link already stays that one. */
    private void replacePicture(Image image) {
        String words =
                WORDS.render(image).replaceFirst("(?s)^\"(.*?)\".*", "$1").strip();
        String name = image.getDestination().replaceFirst("[?#].*", "").replaceFirst(".*/", "");
        String alternative = alternative(image);
        Text text = new Text(!alternative.isBlank() ? alternative : !name.isBlank() ? name : words);
        if (isInLink(image)) {
            image.insertAfter(text);
        } else {
            Link link = new Link(image.getDestination(), null);
            link.appendChild(text);
            image.insertAfter(link);
            settle(link);
        }
        image.unlink();
    }

    private static String alternative(Image image) {
        StringBuilder text = new StringBuilder();
        for (Node child : nodesBelow(image)) {
            if (child instanceof Text part) {
                text.append(part.getLiteral());
            }
        }
        return text.toString();
    }

    private static List<Node> nodesBelow(Node top) {
        List<Node> found = new ArrayList<>();
        for (Node child = top.getFirstChild(); child != null; child = child.getNext()) {
            found.add(child);
            found.addAll(nodesBelow(child));
        }
        return found;
    }

    private static boolean isInLink(Node node) {
        for (Node above = node.getParent(); above != null; above = above.getParent()) {
            if (above instanceof Link) {
                return true;
            }
        }
        return false;
    }

    private void settle(Link link) {
        Optional<String> address = address(link.getDestination().strip());
        if (address.isPresent()) {
            link.setDestination(address.get());
            return;
        }
        while (link.getFirstChild() != null) {
            link.insertBefore(link.getFirstChild());
        }
        link.unlink();
    }

    private Optional<String> address(String destination) {
        if (destination.startsWith("#")) {
            return Optional.of("#" + PREFIX + destination.substring(1).toLowerCase(Locale.ROOT));
        }
        if (ELSEWHERE.matcher(destination).matches()) {
            return Optional.of(destination);
        }
        if (destination.startsWith("//")) {
            return Optional.of("https:" + destination);
        }
        if (destination.isEmpty() || SCHEME.matcher(destination).matches()) {
            return Optional.empty();
        }
        return readme.repository().flatMap(page -> inRepository(page, destination));
    }

    /** A slash at the beginning stands for the top of the repository, as on GitHub. */
    private Optional<String> inRepository(URI page, String destination) {
        try {
            String from = destination.startsWith("/") ? destination : "/" + parent(readme.path()) + destination;
            URI path = new URI(null, null, from.replaceFirst("[?#].*", ""), null).normalize();
            String raw = path.getRawPath().replaceFirst("^(/\\.\\.)+", "");
            int mark = destination.indexOf('#');
            return Optional.of(page + "/blob/" + readme.commit() + raw + (mark < 0 ? "" : destination.substring(mark)));
        } catch (java.net.URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    private AttributeProvider attributes() {
        return (node, tag, attributes) -> {
            switch (tag) {
                case "h1", "h2", "h3", "h4", "h5", "h6" -> attributes.put("id", ids.get(node));
                case "a" -> attributes.put("rel", "nofollow");
                case "pre", "table" -> attributes.put("tabindex", "0"); // they may have to be scrolled
                case "input" -> attributes.put("aria-label", isDone(node) ? "done" : "to do");
                default -> {}
            }
        };
    }

    private static boolean isDone(Node node) {
        return node instanceof TaskListItemMarker marker && marker.isChecked();
    }
}
