package org.ocpu.app.rdata;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as R's {@code as.character()} writes them: up to 15 significant digits, the shorter of fixed and scientific form. */
final class NumberText {
    private static final MathContext DIGITS = new MathContext(15);

    private NumberText() {}

    /** The text, null for {@code NA}. */
    static String of(int value) {
        return value == RInteger.NA ? null : Integer.toString(value);
    }

    /** The text, null for {@code NA}. */
    static String of(double value) {
        if (RDouble.isNa(value)) {
            return null;
        }
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Inf" : "-Inf";
        }
        return value == 0 ? "0" : finite(new BigDecimal(value).round(DIGITS).stripTrailingZeros());
    }

    private static String finite(BigDecimal value) {
        String fixed = value.toPlainString();
        String scientific = scientific(value);
        return fixed.length() <= scientific.length() ? fixed : scientific;
    }

    private static String scientific(BigDecimal value) {
        int exponent = value.precision() - value.scale() - 1;
        String digits = value.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (value.signum() < 0 ? "-" : "")
                + mantissa
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
