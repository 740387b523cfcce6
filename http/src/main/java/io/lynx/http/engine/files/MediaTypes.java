package io.lynx.http.engine.files;

import java.util.Locale;

/** The content types of files, by their endings. */
final class MediaTypes {
    private static final String UTF_8 = "; charset=utf-8";

    private MediaTypes() {}

    /** Returns the content type of a file of that name. */
    static String of(String name) {
        int dot = name.lastIndexOf('.');
        String ending = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "html", "htm" -> "text/html" + UTF_8;
            case "css" -> "text/css" + UTF_8;
            case "js", "mjs" -> "text/javascript" + UTF_8;
            case "txt", "text", "log" -> "text/plain" + UTF_8;
            case "csv" -> "text/csv" + UTF_8;
            case "md" -> "text/markdown" + UTF_8;
            case "vtt" -> "text/vtt" + UTF_8;
            case "ics" -> "text/calendar" + UTF_8;
            case "json", "map" -> "application/json";
            case "webmanifest" -> "application/manifest+json";
            case "jsonld" -> "application/ld+json";
            case "xml", "xsd", "xsl" -> "application/xml";
            case "yaml", "yml" -> "application/yaml";
            case "wasm" -> "application/wasm";
            case "pdf" -> "application/pdf";
            case "zip" -> "application/zip";
            case "gz", "tgz" -> "application/gzip";
            case "tar" -> "application/x-tar";
            case "zst" -> "application/zstd";
            case "rtf" -> "application/rtf";
            case "atom" -> "application/atom+xml";
            case "rss" -> "application/rss+xml";
            case "xlsx" -> "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            case "docx" -> "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            case "jpg", "jpeg" -> "image/jpeg";
            case "gif" -> "image/gif";
            case "webp" -> "image/webp";
            case "avif" -> "image/avif";
            case "bmp" -> "image/bmp";
            case "ico" -> "image/x-icon";
            case "tif", "tiff" -> "image/tiff";
            case "woff" -> "font/woff";
            case "woff2" -> "font/woff2";
            case "ttf" -> "font/ttf";
            case "otf" -> "font/otf";
            case "mp3" -> "audio/mpeg";
            case "ogg", "oga" -> "audio/ogg";
            case "wav" -> "audio/wav";
            case "flac" -> "audio/flac";
            case "m4a" -> "audio/mp4";
            case "mp4", "m4v" -> "video/mp4";
            case "webm" -> "video/webm";
            case "ogv" -> "video/ogg";
            case "mov" -> "video/quicktime";
            default -> "application/octet-stream";
        };
    }

    /** Returns whether compression makes files of that type smaller. */
    static boolean isCompressible(String type) {
        return type.startsWith("text/")
                || type.endsWith("json")
                || type.endsWith("xml")
                || type.startsWith("font/ttf")
                || type.startsWith("font/otf")
                || type.equals("application/wasm")
                || type.equals("application/yaml")
                || type.equals("application/octet-stream")
                || type.equals("image/x-icon")
                || type.equals("image/bmp");
    }
}
