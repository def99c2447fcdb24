package org.ocpu.app;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A source package that is kept with a version of an app, as {@code app.json} tells.
 *
 * @param file its name in the version's directory: {@code NAME_VERSION.tar.gz}, which no package's name is like
 * @param fields what an index of packages tells of it, in order: {@code Package}, {@code Version}, {@code MD5sum} and so on
 */
public record PackageSource(String file, Map<String, String> fields) {
    public PackageSource {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
