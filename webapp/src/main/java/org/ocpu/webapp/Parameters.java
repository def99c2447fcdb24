package org.ocpu.webapp;

import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ocpu.app.BadRequestException;
import org.ocpu.builder.AppName;
import org.ocpu.builder.State;

/** The query of a request as what it means; what it does not mean is a {@link BadRequestException} that names the parameter. */
record Parameters(Map<String, String> values) {
    /** @param known all that the address takes; a misspelt one would be ignored otherwise */
    static Parameters of(Context ctx, String... known) {
        Map<String, String> values = UrlEncodedForm.query(ctx);
        values.keySet().stream()
                .filter(name -> !List.of(known).contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new BadRequestException(
                            "There is no parameter " + name + " here, only " + String.join(", ", known) + ".");
                });
        return new Parameters(values);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    OptionalLong number(String name) {
        Optional<String> text = text(name);
        text.filter(digits -> !digits.matches("\\d{1,18}")).ifPresent(other -> {
            throw new BadRequestException("Parameter " + name + " is not a whole number.");
        });
        return text.stream().mapToLong(Long::parseLong).findFirst();
    }

    /** Whether it is there, without a value or as {@code true}. */
    boolean flag(String name) {
        String value = values.getOrDefault(name, "false");
        if (!List.of("", "true", "false").contains(value)) {
            throw new BadRequestException("Parameter " + name + " is to be true or false.");
        }
        return !value.equals("false");
    }

    /** How many to list, from 1 to the most. */
    int limit(int otherwise, int most) {
        long limit = number("limit").orElse(otherwise);
        if (limit < 1 || limit > most) {
            throw new BadRequestException("Parameter limit is to be from 1 to " + most + ".");
        }
        return (int) limit;
    }

    /** Tells where the page goes on whose last entry has this number (RFC 8288). */
    void linkNext(Context ctx, long last) {
        List<String> pairs = new ArrayList<>(List.of("before=" + last));
        values.forEach((name, value) -> {
            if (!name.equals("before")) {
                pairs.add(name + "=" + UrlEncodedForm.encoded(value));
            }
        });
        ctx.header("Link", "<" + ctx.req().getRequestURI() + "?" + String.join("&", pairs) + ">; rel=\"next\"");
    }

    Optional<AppName> app(String name) {
        try {
            return text(name).map(AppName::parse);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("Parameter " + name + ": " + e.getMessage(), e);
        }
    }

    Optional<State> state(String name) {
        return text(name).map(text -> Arrays.stream(State.values())
                .filter(state -> state.label().equals(text))
                .findFirst()
                .orElseThrow(() -> new BadRequestException("Parameter " + name + " is to be one of "
                        + Arrays.toString(State.values()).toLowerCase(Locale.ROOT) + ".")));
    }
}
