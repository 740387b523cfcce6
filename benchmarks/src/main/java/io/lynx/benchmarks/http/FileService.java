package io.lynx.benchmarks.http;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;
import io.lynx.http.StaticFiles;
import java.nio.file.Path;

/** Answers below {@code /files} with the files of the directory that the system property {@code files} names. */
public final class FileService {
    /** The system property with the directory. */
    static final String DIRECTORY = "files";

    private FileService() {}

    /** Runs it. */
    public static void main(String[] args) {
        StaticFiles files = StaticFiles.directory(Path.of(System.getProperty(DIRECTORY)));
        Lynx.run(args, app -> app.plugin(HttpServer.with(http -> http.files("/files", files))));
    }
}
