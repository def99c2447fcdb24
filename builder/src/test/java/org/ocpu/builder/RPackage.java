package org.ocpu.builder;

import java.util.HashMap;
import java.util.Map;

/** The files of tiny packages. */
final class RPackage {
    private RPackage() {}

    /** A package with one function that gives this answer. */
    static Map<String, String> answering(String name, String version, String answer) {
        return with(name, version, "answer <- function() " + answer + "\n");
    }

    static Map<String, String> with(String name, String version, String code) {
        Map<String, String> files = new HashMap<>();
        files.put(
                "DESCRIPTION",
                "Package: %s\nVersion: %s\nTitle: Answers\nAuthor: Pat\nMaintainer: Pat <pat@example.org>\n"
                                .formatted(name, version)
                        + "Description: Answers.\nLicense: GPL-3\n");
        files.put("NAMESPACE", "export(answer)\n");
        files.put("R/answer.R", code);
        return files;
    }
}
