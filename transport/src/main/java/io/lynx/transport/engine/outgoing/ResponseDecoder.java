package io.lynx.transport.engine.outgoing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;

/**
 * Decodes the answers of a server strictly where framing is concerned (RFC 9112). What the server sends while no call waits
 * closes the connection. Belongs to the event loop.
 */
final class ResponseDecoder extends HttpResponseDecoder {
    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_PIECE = 64 * 1024;

    private boolean isExpecting;
    private boolean isHead;
    private boolean hasBytes;

    ResponseDecoder(int maxHeaderSize) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(maxHeaderSize)
                .setMaxChunkSize(MAX_PIECE)
                .setAllowDuplicateContentLengths(false)
                .setUseRfc9112TransferEncoding(true));
    }

    /**
     * An answer is expected from now on.
     *
     * @param isHead whether it has no body, since the method is HEAD
     */
    void expect(boolean isHead) {
        this.isExpecting = true;
        this.isHead = isHead;
        this.hasBytes = false;
    }

    /** No answer is expected from now on. */
    void rest() {
        isExpecting = false;
    }

    /** Returns whether a byte of the expected answer has arrived. */
    boolean hasBytes() {
        return hasBytes;
    }

    /** Returns whether nothing was received behind the answer. */
    boolean isDrained() {
        return actualReadableBytes() == 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (!isExpecting) {
            ReferenceCountUtil.release(message);
            context.close();
            return;
        }
        hasBytes = true;
        super.channelRead(context, message);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return isHead || super.isContentAlwaysEmpty(message);
    }

    /** The two contradict each other; whoever trusts the wrong one reads one answer as two. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("Transfer-Encoding and Content-Length");
    }
}
