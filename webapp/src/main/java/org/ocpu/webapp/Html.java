package org.ocpu.webapp;

import java.util.Collection;
import java.util.stream.Collectors;

/** A piece of HTML whose every inserted value was escaped. */
record Html(String text) {
    static final Html EMPTY = new Html("");

    /**
     * Fills the {@code {}} of a template, in order.
     *
     * <p>A value that is {@code Html}, or a collection of it, goes in as it is; anything else is escaped, so that it is
     * safe as text and within a quoted attribute.
     */
    static Html of(String template, Object... values) {
        String[] parts = template.split("\\{}", -1);
        if (parts.length != values.length + 1) {
            throw new IllegalArgumentException("%d values for %d places".formatted(values.length, parts.length - 1));
        }
        StringBuilder text = new StringBuilder(parts[0]);
        for (int i = 0; i < values.length; i++) {
            text.append(render(values[i])).append(parts[i + 1]);
        }
        return new Html(text.toString());
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String render(Object value) {
        if (value instanceof Html html) {
            return html.text();
        }
        if (value instanceof Collection<?> many) {
            return many.stream().map(Html::render).collect(Collectors.joining());
        }
        return escape(String.valueOf(value));
    }
}
