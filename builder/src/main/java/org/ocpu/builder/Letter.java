package org.ocpu.builder;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What there is to tell about a finished build or run of a sync, before it is put as text or HTML.
 *
 * @param opening a sentence without its full stop
 * @param app where the app is, if this build made it live
 * @param reason why it failed
 * @param outcome what is live now that it failed; else empty
 * @param page where the server shows it
 */
record Letter(
        Badge badge,
        String opening,
        Optional<URI> app,
        Optional<String> reason,
        String outcome,
        Page page,
        List<Fact> facts,
        List<Section> sections) {

    /** How it ended, in a word or two. */
    record Badge(String words, boolean good) {}

    /**
     * A page of the server.
     *
     * @param name what it is of, as text
     * @param words that lead there
     */
    record Page(String name, String words, URI address) {}

    record Fact(String name, String value) {}

    /** A part of its own with a title; lines are as they are. */
    record Section(String title, String content) {}

    Letter {
        sections = sections.stream()
                .filter(section -> !section.content().isBlank())
                .toList();
    }

    String text() {
        StringBuilder text = new StringBuilder(opening);
        app.ifPresent(address -> text.append(":\n").append(address).append("\n"));
        reason.ifPresent(why ->
                text.append(":\n\n").append(why.indent(2).stripTrailing()).append("\n\n"));
        if (app.isEmpty() && reason.isEmpty()) {
            text.append(".\n");
        }
        if (!outcome.isEmpty()) {
            text.append(outcome).append("\n");
        }
        text.append("\n")
                .append(page.name())
                .append(": ")
                .append(page.address())
                .append("\n");
        facts.forEach(fact ->
                text.append(fact.name()).append(": ").append(fact.value()).append("\n"));
        for (Section section : sections) {
            text.append("\n").append(section.title()).append("\n");
            text.append("-".repeat(section.title().length())).append("\n");
            text.append(section.content().strip()).append("\n");
        }
        return text.toString();
    }

    String html() {
        return new HtmlLetter(this).toString();
    }
}
