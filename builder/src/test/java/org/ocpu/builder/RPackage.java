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

    /** One that needs others. */
    static Map<String, String> needing(String name, String version, String fields, String answer) {
        Map<String, String> files = answering(name, version, answer);
        files.merge("DESCRIPTION", fields + "\n", String::concat);
        return files;
    }

    /** One whose function is written in C. */
    static Map<String, String> compiled(String name, String version, int answer) {
        Map<String, String> files = with(name, version, "answer <- function() .Call(C_answer)\n");
        files.put("NAMESPACE", "export(answer)\nuseDynLib(%s, C_answer = answer)\n".formatted(name));
        files.put(
                "src/answer.c",
                "#include <Rinternals.h>\nSEXP answer(void) { return ScalarInteger(%d); }\n".formatted(answer));
        return files;
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
