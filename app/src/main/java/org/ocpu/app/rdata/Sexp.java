package org.ocpu.app.rdata;

/** R's numbers of types, and of what stands for an item in serialized data. */
final class Sexp {
    static final int NULL = 0;
    static final int SYMBOL = 1;
    static final int PAIRLIST = 2;
    static final int CLOSURE = 3;
    static final int ENVIRONMENT = 4;
    static final int PROMISE = 5;
    static final int LANGUAGE = 6;
    static final int SPECIAL = 7;
    static final int BUILTIN = 8;
    static final int CHARS = 9;
    static final int LOGICAL = 10;
    static final int INTEGER = 13;
    static final int DOUBLE = 14;
    static final int COMPLEX = 15;
    static final int STRING = 16;
    static final int DOTS = 17;
    static final int LIST = 19;
    static final int EXPRESSION = 20;
    static final int BYTECODE = 21;
    static final int EXTERNAL_POINTER = 22;
    static final int WEAK_REFERENCE = 23;
    static final int RAW = 24;
    static final int S4 = 25;
    static final int ALTREP = 238;
    static final int PAIRLIST_WITH_ATTRIBUTES = 239;
    static final int LANGUAGE_WITH_ATTRIBUTES = 240;
    static final int BASE_ENVIRONMENT = 241;
    static final int EMPTY_ENVIRONMENT = 242;
    static final int REPETITION = 243;
    static final int REPEATED = 244;
    static final int PERSISTENT = 247;
    static final int PACKAGE = 248;
    static final int NAMESPACE = 249;
    static final int BASE_NAMESPACE = 250;
    static final int MISSING_ARGUMENT = 251;
    static final int UNBOUND_VALUE = 252;
    static final int GLOBAL_ENVIRONMENT = 253;
    static final int NULL_VALUE = 254;
    static final int REFERENCE = 255;

    private Sexp() {}
}
