package org.ocpu.app;

import java.nio.file.Path;

/**
 * One installed version of an R package. A request resolves its address to one of these once and keeps to it.
 *
 * @param library the library directory, which holds {@code name/}
 * @param name the package's name
 * @param place what the version is one of, such as {@code apps/ada/hello}: two references with the same place are versions of
 *     the same thing
 * @param stamp tells versions of one place apart
 */
public record PackageRef(Path library, String name, String place, String stamp) {
    static final String GLOBAL = "library";
    static final String GIST = "gist";

    /** Where R installed it: DESCRIPTION, {@code R/}, {@code help/}, {@code www/} and whatever {@code inst/} held. */
    public Path directory() {
        return library.resolve(name);
    }

    /** Whether it is in one of R's own libraries; what runs the scripts of gists is, too. */
    boolean isGlobal() {
        return place.startsWith(GLOBAL + "/") || place.startsWith(GIST + "/");
    }

    /** The same package, as what runs a script of that source. */
    PackageRef madeFrom(ScriptSource source) {
        return new PackageRef(library, name, source.place(), source.stamp());
    }
}
