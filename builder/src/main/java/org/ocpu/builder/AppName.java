package org.ocpu.builder;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an app is called: {@code owner/repo}, {@code owner/repo/part} for one of several packages of a repository, and either
 * with {@code @preview} for a branch or pull request that is live beside it. Owner and repository are as GitHub spells and
 * allows them.
 *
 * <p>INVARIANT: all are single, harmless path segments, so that {@link #under} never leaves its root.
 *
 * @param part the last directory of the package's path in the repository
 * @param preview a branch with {@code ~} for {@code /}, which no branch has in its name, or {@code pr-NUMBER}
 */
public record AppName(String owner, String repo, Optional<String> part, Optional<String> preview) {
    // an underscore only occurs in the names of accounts that a company manages
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,38}");
    private static final Pattern REPO = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final Pattern PART = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,99}");
    private static final Pattern PREVIEW = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._~-]{0,99}");
    private static final Pattern WHOLE = Pattern.compile("([^/@]+)/([^/@]+)(?:/([^/@]+))?(?:@([^/@]+))?");

    /** What an app's own address goes on with: no package of a repository can have this name. */
    private static final Pattern RESERVED = Pattern.compile(
            "(?i)r|data|man|html|info|www|inst|doc|help|badge\\.svg|builds\\.atom|builds|rebuild|rollback");

    public AppName {
        require(OWNER, owner, "owner on GitHub");
        require(REPO, repo, "repository on GitHub");
        if (repo.matches("\\.{1,2}") || lower(repo).endsWith(".git")) {
            throw bad("repository on GitHub", repo);
        }
        part.ifPresent(name -> require(PART, name, "package of a repository"));
        part.filter(name -> RESERVED.matcher(name).matches()).ifPresent(name -> {
            throw new IllegalArgumentException("a package of a repository cannot be served from a directory called "
                    + name + ": its app's address already uses that name");
        });
        preview.ifPresent(name -> require(PREVIEW, name, "preview"));
    }

    public AppName(String owner, String repo) {
        this(owner, repo, Optional.empty(), Optional.empty());
    }

    /**
     * Reads {@code owner/repo[/part][@preview]}.
     *
     * @throws IllegalArgumentException when it is no such name
     */
    @JsonCreator
    public static AppName parse(String text) {
        Matcher whole = WHOLE.matcher(text);
        if (!whole.matches()) {
            throw new IllegalArgumentException("not the name of an app (owner/repo): " + Text.line(text, 200));
        }
        return new AppName(
                whole.group(1),
                whole.group(2),
                Optional.ofNullable(whole.group(3)),
                Optional.ofNullable(whole.group(4)));
    }

    /** The app of one of several packages of this repository. */
    public AppName withPart(String name) {
        return new AppName(owner, repo, Optional.of(name), preview);
    }

    /** The preview of this app for a branch or {@code pr-NUMBER}. */
    public AppName withPreview(String branch) {
        return new AppName(owner, repo, part, Optional.of(branch.replace('/', '~')));
    }

    /** {@code owner/repo}: where its source is. */
    public String repository() {
        return owner + "/" + repo;
    }

    /** The app's directory under a root; lower case because GitHub's names do not differ by case alone. */
    Path under(Path root) {
        String name = repo + part.map(directory -> ":" + directory).orElse("") + suffix();
        return root.resolve(lower(owner)).resolve(lower(name));
    }

    /** What two pushes to the same app have in common. */
    public String key() {
        return lower(toString());
    }

    /** What comes after the owner. */
    public String path() {
        return repo + part.map(name -> "/" + name).orElse("") + suffix();
    }

    /** As in the app's address. */
    @JsonValue
    @Override
    public String toString() {
        return owner + "/" + path();
    }

    private String suffix() {
        return preview.map(name -> "@" + name).orElse("");
    }

    private static void require(Pattern pattern, String name, String what) {
        if (!pattern.matcher(name).matches()) {
            throw bad(what, name);
        }
    }

    private static IllegalArgumentException bad(String what, String name) {
        return new IllegalArgumentException("not the name of a " + what + ": " + Text.line(name, 100));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
