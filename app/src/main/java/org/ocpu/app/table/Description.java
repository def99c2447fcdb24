package org.ocpu.app.table;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.ocpu.app.rdata.RBuiltin;
import org.ocpu.app.rdata.RClosure;
import org.ocpu.app.rdata.RComplex;
import org.ocpu.app.rdata.RDouble;
import org.ocpu.app.rdata.REnvironment;
import org.ocpu.app.rdata.RExpression;
import org.ocpu.app.rdata.RInteger;
import org.ocpu.app.rdata.RLanguage;
import org.ocpu.app.rdata.RLogical;
import org.ocpu.app.rdata.RNull;
import org.ocpu.app.rdata.RRaw;
import org.ocpu.app.rdata.RString;
import org.ocpu.app.rdata.RSymbol;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rdata.RVector;

/** Says in words what an R value is, for messages. */
final class Description {
    private Description() {}

    /** Such as "a numeric vector of length 3", "a 2 x 2 integer matrix", "an object of class 'lm'". */
    static String of(RValue value) {
        if (value instanceof RVector vector) {
            return ofVector(vector);
        }
        return Attributed.string(value, "class").map(Description::ofClass).orElseGet(() -> ofOther(value));
    }

    private static String ofVector(RVector vector) {
        if (Attributed.inherits(vector, "factor")) {
            return "a factor of length " + vector.length();
        }
        if (vector.attributes().get("dim").orElse(RNull.INSTANCE) instanceof RInteger dim) {
            return "a " + extent(dim.values()) + " " + type(vector) + (dim.length() == 2 ? " matrix" : " array");
        }
        return Attributed.string(vector, "class").map(Description::ofClass).orElseGet(() -> plain(vector));
    }

    private static String extent(int[] dim) {
        return Arrays.stream(dim).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
    }

    private static String plain(RVector vector) {
        String type = type(vector);
        String article = "ei".indexOf(type.charAt(0)) >= 0 ? "an " : "a ";
        String noun = type.equals("list") || type.equals("expression") ? "" : " vector";
        return article + type + noun + " of length " + vector.length();
    }

    private static String type(RVector vector) {
        if (vector instanceof RLogical) {
            return "logical";
        } else if (vector instanceof RInteger) {
            return "integer";
        } else if (vector instanceof RDouble) {
            return "numeric";
        } else if (vector instanceof RComplex) {
            return "complex";
        } else if (vector instanceof RString) {
            return "character";
        } else if (vector instanceof RRaw) {
            return "raw";
        }
        return vector instanceof RExpression ? "expression" : "list";
    }

    private static String ofClass(String name) {
        return "an object of class '" + name + "'";
    }

    private static String ofOther(RValue value) {
        if (value instanceof RNull) {
            return "NULL";
        } else if (value instanceof RClosure || value instanceof RBuiltin) {
            return "a function";
        } else if (value instanceof REnvironment) {
            return "an environment";
        }
        return value instanceof RLanguage || value instanceof RSymbol ? "R code" : "an internal object of R";
    }
}
