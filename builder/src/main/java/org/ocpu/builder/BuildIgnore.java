package org.ocpu.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Removes from a package's source what {@code R CMD build} leaves out: what {@code .Rbuildignore} names, and what R always
 * does ("Writing R Extensions", 1.3.1 and 1.1.5). One use: {@link #call}.
 */
final class BuildIgnore {
    private static final int LARGEST = 100_000;
    private static final int LONGEST_SEARCH = 1_000_000;

    private static final Pattern FILES = Pattern.compile(
            "^\\.Rbuildignore$|(^|/)\\.DS_Store$|^\\.(RData|Rhistory)$|~$|\\.bak$|\\.swp$|(^|/)\\.#[^/]*$|(^|/)#[^/]*#$"
                    + "|^TITLE$|^data/00Index$|^inst/doc/00Index\\.dcf$|^config\\.(cache|log|status)$|(^|/)autom4te\\.cache$"
                    + "|^src/.*\\.d$|^src/Makedeps$|^src/so_locations$|^inst/doc/Rplots\\.(ps|pdf)$|^\\.Rbuildindex\\."
                    + "|^src/[^/]*\\.(o|so|dylib|mod)$|^src/(symbols\\.rds|[._]libs)$",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern DIRECTORIES = Pattern.compile(
            "(^|/)(check|chm|CVS|\\.svn|\\.arch-ids|\\.bzr|\\.git|\\.hg|_darcs|\\.metadata)$|([Oo]ld|\\.Rcheck)$|^src.*/\\.deps$");
    private static final Pattern NAMES = Pattern.compile("\\._.*|Read-and-delete-me|GNUMakefile");
    private static final Set<String> HIDDEN = Set.of(
            (".Renviron .Rprofile .Rproj.user .Rhistory .Rapp.history .tex .log .aux .pdf .png .backups .cvsignore .cproject"
                            + " .directory .dropbox .exrc .gdb.history .gitattributes .gitignore .gitmodules .hgignore .hgtags"
                            + " .htaccess .latex2html-init .project .seed .settings .tm_properties")
                    .split(" "));

    private final Path top;

    BuildIgnore(Path top) {
        this.top = top;
    }

    /** @throws BuildFailure naming the line of {@code .Rbuildignore} that is not a pattern, or cannot be matched */
    void call() {
        try {
            List<Line> lines = lines();
            for (Line line : lines) {
                if (line.finds("DESCRIPTION")) {
                    throw new BuildFailure(line.where() + " leaves out DESCRIPTION");
                }
            }
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes about) {
                    if (!directory.equals(top) && isLeftOut(directory, true, lines)) {
                        Disk.delete(directory);
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes about) throws IOException {
                    if (isLeftOut(file, false, lines)) {
                        Files.delete(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new BuildFailure("what .Rbuildignore names cannot be left out: " + e.getMessage(), e);
        }
    }

    private boolean isLeftOut(Path file, boolean directory, List<Line> lines) {
        String name = top.relativize(file).toString();
        String base = file.getFileName().toString();
        return FILES.matcher(name).find()
                || NAMES.matcher(base).matches()
                || HIDDEN.contains(base)
                || (directory && DIRECTORIES.matcher(name).find())
                || lines.stream().anyMatch(line -> line.finds(name));
    }

    private List<Line> lines() throws IOException {
        Path file = top.resolve(".Rbuildignore");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        if (Files.size(file) > LARGEST) {
            throw new BuildFailure(".Rbuildignore is larger than 100 kB");
        }
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\r\n|\r|\n")) {
            number++;
            if (!line.isEmpty()) {
                lines.add(Line.of(number, line));
            }
        }
        return lines;
    }

    /** A line of {@code .Rbuildignore}. */
    private record Line(int number, String text, Pattern pattern) {
        static Line of(int number, String text) {
            try {
                int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                return new Line(number, text, Pattern.compile(PerlPattern.forJava(text), flags));
            } catch (PatternSyntaxException e) {
                throw new BuildFailure(
                        "%s is not a regular expression: %s".formatted(where(number, text), e.getDescription()), e);
            }
        }

        String where() {
            return where(number, text);
        }

        private static String where(int number, String text) {
            return ".Rbuildignore, line %d (%s)".formatted(number, Text.line(text, 100));
        }

        boolean finds(String name) {
            try {
                return pattern.matcher(new Patient(name, new int[1])).find();
            } catch (Patient.Exhausted | StackOverflowError e) {
                throw new BuildFailure(where() + " takes too long to match", e);
            }
        }
    }

    /** A text that can be looked at only so often, since some patterns never come to an end. */
    private record Patient(CharSequence text, int[] looks) implements CharSequence {
        static final class Exhausted extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > LONGEST_SEARCH) {
                throw new Exhausted();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Patient(text.subSequence(start, end), looks);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
