package org.ocpu.webapp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.util.OptionalLong;
import org.ocpu.app.BadRequestException;
import org.ocpu.builder.AppName;
import org.ocpu.builder.BuildService;

/** Hosted apps in the JSON API. */
final class AppResource {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final BuildService builds;
    private final WebConfig config;
    private final ReaderGuard readers;

    AppResource(BuildService builds, WebConfig config, ReaderGuard readers) {
        this.readers = readers;
        this.builds = builds;
        this.config = config;
    }

    /** The app that an address names by its owner, its repository with a preview perhaps, and a part perhaps. */
    static AppName name(Context ctx) {
        String part = ctx.pathParamMap().get("part");
        String name = ctx.pathParam("owner") + "/" + ctx.pathParam("repo") + (part == null ? "" : "/" + part);
        try {
            return AppName.parse(name);
        } catch (IllegalArgumentException e) {
            throw new NotFoundResponse("There is no such app: " + e.getMessage());
        }
    }

    void list(Context ctx) {
        ctx.json(builds.apps().stream()
                .filter(app -> readers.shows(ctx, app.name()))
                .map(app -> AppJson.brief(app, config.root()))
                .toList());
    }

    void show(Context ctx) {
        AppName name = name(ctx);
        readers.check(ctx, name);
        ctx.json(builds.app(name)
                .map(app -> AppJson.whole(app, config.root()))
                .orElseThrow(() -> new NotFoundResponse("There is no app " + name + ".")));
    }

    void rollback(Context ctx) {
        ctx.json(AppJson.whole(builds.rollback(name(ctx), version(ctx)), config.root()));
    }

    void remove(Context ctx) {
        builds.remove(name(ctx));
        ctx.status(204);
    }

    /** What {@code {"version": 12}} asks for; nothing in an empty object or body. */
    private OptionalLong version(Context ctx) {
        JsonNode body = json(Body.read(ctx, config.maxBody()));
        JsonNode version = body.path("version");
        boolean others = body.size() > (version.isMissingNode() ? 0 : 1);
        if (others || (!body.isObject() && !body.isMissingNode())) {
            throw new BadRequestException("The body is to be {\"version\": NUMBER} or {}.");
        }
        if (version.isMissingNode()) {
            return OptionalLong.empty();
        }
        if (!version.isIntegralNumber() || !version.canConvertToLong()) {
            throw new BadRequestException("The version is to be a number: of the build that made it.");
        }
        return OptionalLong.of(version.longValue());
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new BadRequestException("The body is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
