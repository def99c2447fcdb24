package org.ocpu.app.rdata;

/**
 * A value of R, any that R can serialize.
 *
 * <p>Values are equal when R's {@code identical()} would say so, except that environments, external pointers and weak references
 * are equal only to themselves, and alternative representations only to their like. Arrays and lists are not copied on the way in or out: who makes a value no longer changes them.
 */
public sealed interface RValue
        permits RVector,
                RShared,
                REnvironment,
                RNull,
                RMarker,
                RPairlist,
                RLanguage,
                RDots,
                RClosure,
                RPromise,
                RBuiltin,
                RBytecode,
                RS4,
                RAltrep {

    /** What is attached by name; {@link Attributes#NONE} for most. */
    Attributes attributes();
}
