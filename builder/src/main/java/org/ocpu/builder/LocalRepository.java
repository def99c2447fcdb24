package org.ocpu.builder;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** The bare repositories in {@code DATA/git} that {@code ./ocpu push} fills without a GitHub. */
public final class LocalRepository {
    private static final String BRANCH = "main";
    private static final Set<String> LEFT_OUT = Set.of(".git", ".Rproj.user", ".Rhistory", ".RData");

    private final AppName app;
    private final Path bare;

    private LocalRepository(AppName app, Path bare) {
        this.app = app;
        this.bare = bare;
    }

    /**
     * Pushes a directory to this server: the HEAD of a git repository, or the files of any other directory as a new commit.
     *
     * @throws BuilderException saying what is wrong with the names or the directory
     */
    public static LocalPush push(Path data, String owner, String repo, Path directory) {
        try {
            AppName app = new AppName(owner, repo);
            LocalRepository target = new LocalRepository(app, path(data.resolve("git"), app));
            if (!Files.isDirectory(directory)) {
                throw new BuilderException(directory + " is not a directory");
            }
            return Files.exists(directory.resolve(".git")) ? target.pushHead(directory) : target.pushFiles(directory);
        } catch (IllegalArgumentException e) {
            throw new BuilderException(e.getMessage(), e);
        } catch (IOException | GitAPIException e) {
            throw new BuilderException(directory + " cannot be pushed: " + e.getMessage(), e);
        }
    }

    /** Where the repository of an app is, if there is one; its packages and previews share it. */
    static Path path(Path repositories, AppName app) {
        Path path = new AppName(app.owner(), app.repo()).under(repositories);
        return path.resolveSibling(path.getFileName() + ".git");
    }

    /** What the refs of an app's repository on this server point to; absent when there is none. */
    static Optional<GitRefs> refs(Path repositories, AppName app) {
        Path directory = path(repositories, app);
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Repository repository = GitRemote.bare(directory)) {
            Map<String, String> commits = new HashMap<>();
            for (Ref ref : repository.getRefDatabase().getRefs()) {
                Ref peeled = repository.getRefDatabase().peel(ref);
                ObjectId commit = peeled.getPeeledObjectId() == null ? ref.getObjectId() : peeled.getPeeledObjectId();
                commits.put(ref.getName(), commit.name());
            }
            Ref head = repository.exactRef(Constants.HEAD);
            return Optional.of(new GitRefs(Optional.of(head.getTarget().getName()), commits));
        } catch (IOException e) {
            throw new BuilderException("the repository of " + app + " on this server cannot be read", e);
        }
    }

    private LocalPush pushHead(Path directory) throws IOException, GitAPIException {
        try (Repository target = open();
                Git git = Git.open(directory.toFile())) {
            ObjectId head = git.getRepository().resolve("HEAD^{commit}");
            if (head == null) {
                throw new BuilderException(directory + " is a git repository without a commit");
            }
            String name = git.getRepository().getBranch();
            String branch = ObjectId.isId(name) ? BRANCH : name;
            ObjectId before = target.resolve(Constants.R_HEADS + branch);
            git.push()
                    .setRemote(bare.toUri().toString())
                    .add("+HEAD:refs/heads/" + branch)
                    .call();
            boolean clean = git.status().call().isClean();
            return result(
                    target,
                    branch,
                    Optional.ofNullable(before),
                    "HEAD of " + branch + (clean ? "" : "; changes that are not committed are not in it"));
        }
    }

    private LocalPush pushFiles(Path directory) throws IOException {
        try (Repository repository = open();
                ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId tree = tree(directory, inserter);
            ObjectId parent = repository.resolve("refs/heads/" + BRANCH);
            PersonIdent author = new PersonIdent(repository);
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(tree);
            commit.setAuthor(author);
            commit.setCommitter(author);
            commit.setMessage(
                    "Files of " + directory.toAbsolutePath().normalize().getFileName() + "\n");
            if (parent != null) {
                commit.setParentId(parent);
            }
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef("refs/heads/" + BRANCH);
            update.setNewObjectId(id);
            update.forceUpdate();
            return result(repository, BRANCH, Optional.ofNullable(parent), "the files as they are now");
        }
    }

    /** Also makes the branch the default one, which it is called in the delivery. */
    private LocalPush result(Repository repository, String branch, Optional<ObjectId> before, String details)
            throws IOException {
        repository.updateRef(Constants.HEAD).link(Constants.R_HEADS + branch);
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(repository.resolve(Constants.R_HEADS + branch));
            boolean forced = before.isPresent() && !walk.isMergedInto(walk.parseCommit(before.get()), commit);
            PersonIdent author = commit.getAuthorIdent();
            return new LocalPush(
                    app.owner(),
                    app.repo(),
                    branch,
                    commit.name(),
                    new LocalPush.Move(
                            before.map(ObjectId::name),
                            forced,
                            commit.getCommitterIdent().getWhenAsInstant(),
                            Instant.now()),
                    commit.getFullMessage(),
                    author.getName(),
                    author.getEmailAddress(),
                    details);
        }
    }

    private Repository open() throws IOException {
        Repository repository =
                new FileRepositoryBuilder().setGitDir(bare.toFile()).setBare().build();
        if (!repository.getObjectDatabase().exists()) {
            repository.create(true);
        }
        return repository;
    }

    private static ObjectId tree(Path directory, ObjectInserter inserter) throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder entries = index.builder();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes about) {
                return leftOut(dir) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes about) throws IOException {
                if (!leftOut(file)) {
                    entries.add(entry(directory, file, inserter));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        entries.finish();
        return index.writeTree(inserter);
    }

    private static boolean leftOut(Path path) {
        return LEFT_OUT.contains(String.valueOf(path.getFileName()));
    }

    private static DirCacheEntry entry(Path root, Path file, ObjectInserter inserter) throws IOException {
        String name = root.relativize(file).toString().replace(File.separatorChar, '/');
        DirCacheEntry entry = new DirCacheEntry(name);
        if (Files.isSymbolicLink(file)) {
            byte[] target = Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8);
            entry.setFileMode(FileMode.SYMLINK);
            entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, target));
        } else {
            entry.setFileMode(Files.isExecutable(file) ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE);
            entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, Files.readAllBytes(file)));
        }
        return entry;
    }
}
