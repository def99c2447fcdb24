package org.ocpu.builder;

/**
 * What is taken of a repository.
 *
 * @param space bytes for what is fetched and what is written, each file in whole blocks
 * @param content bytes of all files together
 * @param tooMuch what to say when there is more of either
 * @param files at most
 * @param largestFile bytes of one
 * @param submodules whether they are fetched; if not, a repository that has any is refused
 */
record GitLimits(long space, long content, String tooMuch, int files, long largestFile, boolean submodules) {
    /** What even a tiny file takes of a disk. */
    static final int BLOCK = 4_096;

    /** What a new repository takes without anything in it, with much to spare. */
    private static final long EMPTY = 1 << 20;

    private static final int MOST_IN_GIST = 1_000;

    /** For what is built. */
    static GitLimits of(BuilderConfig config) {
        long disk = config.limits().disk();
        String tooMuch = "the repository takes more space than a build may: more than %d bytes (%s)"
                .formatted(disk, BuilderConfig.DISK_KEY);
        return new GitLimits(
                disk,
                Long.MAX_VALUE,
                tooMuch,
                Integer.MAX_VALUE,
                config.builds().largestFile(),
                true);
    }

    /** For a gist: its files count, not what git needs to bring them. */
    static GitLimits of(BuilderConfig.Gists config) {
        long size = config.size();
        long space = 2 * size + (long) MOST_IN_GIST * BLOCK + EMPTY;
        String tooMuch = "it is larger than %d bytes (%s)".formatted(size, BuilderConfig.GIST_SIZE_KEY);
        return new GitLimits(space, size, tooMuch, MOST_IN_GIST, Long.MAX_VALUE, false);
    }
}
