package io.lynx.image;

/** An image cannot be made; the message is for the user. */
final class ImageException extends Exception {
    ImageException(String message) {
        super(message);
    }
}
