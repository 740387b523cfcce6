package io.lynx.examples.orders;

import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.Routes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The routes of the guide to databases. */
// snippet: database-routes
record NoteRoutes(DataSource database) {
    record Note(long id, String text) {}

    record NewNote(String text) {}

    void add(Routes http) {
        http.post("/notes", this::create).get("/notes/{id}", this::read);
    }

    private void create(Request request, Response response) throws SQLException {
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

    private void read(Request request, Response response) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT id, text FROM note WHERE id = ?")) {
            select.setLong(1, id(request));
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw HttpException.notFound();
                }
                response.json(new Note(rows.getLong(1), rows.getString(2)));
            }
        }
    }

    private static long id(Request request) {
        try {
            return Long.parseLong(request.path("id"));
        } catch (NumberFormatException e) {
            throw HttpException.notFound();
        }
    }
}
// end
