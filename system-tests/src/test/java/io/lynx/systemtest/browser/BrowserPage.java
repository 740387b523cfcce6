package io.lynx.systemtest.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A page of a browser. It remembers what the page has requested and each error that the console shows: exceptions, resources that could
 * not be loaded, and what a policy has blocked. Thread-safe.
 */
final class BrowserPage implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<Sent> requests = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final WebSocket socket;

    /** A request that the page has sent. */
    record Sent(String method, String url, JsonNode headers) {}

    private BrowserPage(URI devTools) throws IOException, InterruptedException {
        HttpRequest create = HttpRequest.newBuilder(devTools.resolve("/json/new?about:blank"))
                .timeout(PATIENCE)
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        JsonNode page =
                JSON.readTree(client.send(create, BodyHandlers.ofString()).body());
        URI address = URI.create(page.path("webSocketDebuggerUrl").asText());
        socket =
                await(client.newWebSocketBuilder().connectTimeout(PATIENCE).buildAsync(address, new MessageListener()));
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            JsonNode _ = call(domain + ".enable", Map.of());
        }
    }

    static BrowserPage open(URI devTools) throws IOException, InterruptedException {
        return new BrowserPage(devTools);
    }

    /** Puts the parts of a message together. */
    private final class MessageListener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean isLast) {
            message.append(part);
            if (isLast) {
                receive(message.toString());
                message.setLength(0);
            }
            webSocket.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    private void receive(String message) {
        JsonNode read;
        try {
            read = JSON.readTree(message);
        } catch (IOException malformed) {
            errors.add("DevTools sent: " + message);
            return;
        }
        if (read.has("id")) {
            CompletableFuture<JsonNode> answer = answers.remove(read.path("id").asInt());
            if (answer != null) {
                answer.complete(read);
            }
            return;
        }
        JsonNode parameters = read.path("params");
        switch (read.path("method").asText()) {
            case "Network.requestWillBeSent" -> {
                JsonNode request = parameters.path("request");
                requests.add(new Sent(
                        request.path("method").asText(), request.path("url").asText(), request.path("headers")));
            }
            case "Runtime.exceptionThrown" ->
                errors.add(parameters.path("exceptionDetails").toString());
            case "Runtime.consoleAPICalled" ->
                addError(parameters, parameters.path("type").asText());
            case "Log.entryAdded" ->
                addError(parameters, parameters.path("entry").path("level").asText());
            default -> {}
        }
    }

    private void addError(JsonNode what, String level) {
        if (level.equals("error") || level.equals("assert")) {
            errors.add(what.toString());
        }
    }

    private JsonNode call(String method, Map<String, ?> parameters) throws InterruptedException {
        int id = last.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        String message;
        try {
            message = JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        WebSocket _ = await(socket.sendText(message, true));
        JsonNode result = await(answer);
        if (result.has("error")) {
            throw new AssertionError(method + " " + parameters + ": " + result.path("error"));
        }
        return result.path("result");
    }

    private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new AssertionError("the browser does not answer", failure);
        }
    }

    void open(String url) throws InterruptedException {
        JsonNode result = call("Page.navigate", Map.of("url", url));
        if (result.has("errorText")) {
            throw new AssertionError(url + ": " + result.path("errorText").asText());
        }
    }

    /** Returns the value of an expression. */
    JsonNode evaluate(String expression) throws InterruptedException {
        JsonNode result = call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Waits until there is an element that the selector finds. */
    void awaitElement(String selector) {
        await(selector, "document.querySelector(" + quoted(selector) + ") !== null");
    }

    /** Waits until an expression is true. */
    void await(String what, String expression) {
        try {
            Await.until(what, PATIENCE, PAUSE, () -> evaluate(expression).asBoolean());
        } catch (AssertionError failure) {
            throw new AssertionError(what + "; errors: " + errors, failure);
        }
    }

    /** Waits for an element and clicks it. */
    void click(String selector) throws InterruptedException {
        awaitElement(selector);
        JsonNode _ = evaluate("document.querySelector(" + quoted(selector) + ").click()");
    }

    /** Waits for a field and replaces its text, as a keyboard does. */
    void type(String selector, String text) throws InterruptedException {
        awaitElement(selector);
        JsonNode _ = evaluate(
                "{ const field = document.querySelector(" + quoted(selector) + "); field.focus(); field.select(); }");
        JsonNode _ = call("Input.insertText", Map.of("text", text));
    }

    /** Returns the text of an element; empty if there is none. */
    String text(String selector) throws InterruptedException {
        return evaluate("(document.querySelector(" + quoted(selector) + ") ?? { innerText: '' }).innerText")
                .asText();
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Writes a picture of what the window shows. */
    void draw(Path png) throws IOException, InterruptedException {
        JsonNode picture = call("Page.captureScreenshot", Map.of("format", "png"));
        Files.createDirectories(png.toAbsolutePath().getParent());
        Path _ =
                Files.write(png, Base64.getDecoder().decode(picture.path("data").asText()));
    }

    List<Sent> requests() {
        return List.copyOf(requests);
    }

    List<String> errors() {
        return List.copyOf(errors);
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
    }
}
