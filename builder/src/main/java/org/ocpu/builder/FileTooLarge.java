package org.ocpu.builder;

/** A file of a package has more bytes than it may. */
final class FileTooLarge extends BuildFailure {
    private static final long serialVersionUID = 1L;

    FileTooLarge(String reason) {
        super(reason);
    }
}
