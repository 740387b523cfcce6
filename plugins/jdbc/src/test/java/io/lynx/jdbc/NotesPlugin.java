package io.lynx.jdbc;

import io.lynx.http.HttpException;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The plugin of the guide to databases. */
// snippet: database-plugin
final class NotesPlugin implements Plugin {
    record Note(long id, String text) {}

    record NewNote(String text) {}

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("notes").requires("http").requires("jdbc").build();
    }

    @Override
    public void start(PluginContext context) {
        DataSource database = context.resource(JdbcPlugin.key());
        context.resource(HttpServer.ROUTES)
                .add(context, http -> http.post("/notes", (request, response) -> create(database, request, response))
                        .get("/notes/{id}", (request, response) -> read(database, request, response)));
    }

    private static void create(DataSource database, Request request, Response response) throws SQLException {
        NewNote note = request.json(NewNote.class);
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO note (text) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, note.text());
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                response.status(201).json(new Note(keys.getLong(1), note.text()));
            }
        }
    }

    private static void read(DataSource database, Request request, Response response) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT id, text FROM note WHERE id = ?")) {
            select.setLong(1, Long.parseLong(request.path("id")));
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw HttpException.notFound();
                }
                response.json(new Note(rows.getLong(1), rows.getString(2)));
            }
        }
    }
}
// end
