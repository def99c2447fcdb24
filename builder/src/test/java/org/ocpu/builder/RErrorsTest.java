package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RErrorsTest {
    @Test
    void keepsAllOfAParseError() {
        assertEquals("""
                Error in parse(outFile) : R/a.R:3:0: unexpected end of input
                1: f <- function(x) {
                2:   x +
                  ^
                ERROR: unable to collate and parse R files for package ‘bad’""", reason(1, """
                        * installing *source* package ‘bad’ ...
                        ** R
                        Error in parse(outFile) : R/a.R:3:0: unexpected end of input
                        1: f <- function(x) {
                        2:   x +
                          ^
                        ERROR: unable to collate and parse R files for package ‘bad’
                        * removing ‘library/bad’"""));
    }

    @Test
    void namesTheSignalThatEndedR() {
        assertEquals("R was ended by signal 11\n** R", reason(139, "** R"));
        assertEquals("R was ended by signal 9", reason(137, ""));
    }

    @Test
    void showsTheEndWhenNothingLooksLikeAnError() {
        assertEquals("a\nb", reason(2, "a\nb"));
        assertEquals("R CMD INSTALL failed with status 2", reason(2, ""));
    }

    private static String reason(int exit, String output) {
        RErrors errors = new RErrors();
        output.lines().forEach(errors::hear);
        return errors.reason(exit);
    }
}
