package org.ocpu.app.rdata;

/** A vector of R: elements of one type, numbered from 0 here and from 1 in R. */
public sealed interface RVector extends RValue
        permits RLogical, RInteger, RDouble, RComplex, RString, RRaw, RList, RExpression {

    /** The number of elements. */
    int length();

    /** The same elements with other attributes. */
    RVector withAttributes(Attributes attributes);
}
