package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.UnsupportedMediaTypeResponse;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Part;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ocpu.app.Arguments;
import org.ocpu.app.Arguments.Encoding;
import org.ocpu.app.Arguments.Upload;
import org.ocpu.app.Arguments.Value;
import org.ocpu.app.BadRequestException;

/**
 * A {@code multipart/form-data} body (RFC 7578). A part with a file name is a file, one with a content type is data of that type,
 * and any other is like a field of a form. One-shot.
 */
final class MultipartForm {
    /** The attribute in which Jetty looks for the limits of a request with parts. */
    private static final String CONFIG = "org.eclipse.jetty.multipartConfig";

    /** Larger parts are written to files. */
    private static final int IN_MEMORY = 256 * 1024;

    private final Context ctx;
    private final long maxBody;
    private final Map<String, String> form = new LinkedHashMap<>();
    private final List<Value> values = new ArrayList<>();
    private final List<Upload> uploads = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> filenames = new HashSet<>();

    MultipartForm(Context ctx, long maxBody) {
        this.ctx = ctx;
        this.maxBody = maxBody;
    }

    Arguments arguments() {
        try {
            for (Part part : parts()) {
                add(part);
            }
            return new Arguments(form, Optional.empty(), values, uploads, List.copyOf(names));
        } catch (IOException e) {
            throw new BadRequestException("The multipart body cannot be read: " + e.getMessage(), e);
        }
    }

    private Iterable<Part> parts() throws IOException {
        if (ctx.req().getContentLengthLong() > maxBody) {
            throw Body.tooLarge(ctx, maxBody);
        }
        Body.reserve(ctx, maxBody); // its files are on disk
        ctx.req().setAttribute(CONFIG, new MultipartConfigElement("", maxBody, maxBody, IN_MEMORY));
        try {
            return ctx.req().getParts();
        } catch (ServletException | IllegalStateException e) {
            throw refusal(e);
        }
    }

    /** Jetty tells in the innermost cause what is wrong, and closes the connection, which the client is to know. */
    private RuntimeException refusal(Exception e) {
        ctx.header("Connection", "close");
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof SlowClientException) {
            return Body.unreadable(ctx, e);
        }
        String message = Objects.requireNonNullElse(cause.getMessage(), "");
        if (message.startsWith("max length exceeded")) {
            return Body.tooLarge(ctx, maxBody);
        }
        if (cause instanceof EOFException) {
            message = "it is cut off, or its boundary is not the one that Content-Type tells.";
        } else if (cause instanceof NullPointerException) {
            message = "a part has no name.";
        }
        return new BadRequestException("The multipart body is malformed: " + message, e);
    }

    private void add(Part part) throws IOException {
        String name = part.getName();
        if (!names.add(name)) {
            throw new BadRequestException("Argument " + name + " is given more than once.");
        }
        if (part.getSubmittedFileName() != null) {
            upload(part);
        } else if (part.getContentType() != null) {
            values.add(new Value(name, encoding(part), bytes(part)));
        } else {
            form.put(name, Utf8.decode(bytes(part), "Argument " + name));
        }
    }

    private void upload(Part part) {
        String path = part.getSubmittedFileName();
        String filename = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        if (filename.isEmpty()
                || filename.equals(".")
                || filename.equals("..")
                || filename.chars().anyMatch(Character::isISOControl)) {
            throw new BadRequestException("The file of argument " + part.getName() + " has no usable name.");
        }
        if (!filenames.add(filename)) {
            throw new BadRequestException("Two files are named " + filename + ".");
        }
        uploads.add(new Upload(part.getName(), filename, target -> part.write(target.toString())));
    }

    private static Encoding encoding(Part part) {
        String type = CallReader.mediaType(part.getContentType());
        if (type.startsWith("text/")) {
            return Encoding.TEXT;
        }
        if (type.equals("application/octet-stream")) {
            return Encoding.RAW;
        }
        Encoding known = CallReader.VALUES.get(type);
        if (known == null) {
            throw new UnsupportedMediaTypeResponse(
                    "Multipart request contains unsupported data type '" + type + "' in part " + part.getName() + ".");
        }
        return known;
    }

    private static byte[] bytes(Part part) throws IOException {
        try (InputStream content = part.getInputStream()) {
            return content.readAllBytes();
        }
    }
}
