package io.forebay.query;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers what Jetty refuses before it is a request for us (a broken URL, headers that are too large) with a problem. */
final class ProblemErrorHandler extends ErrorHandler {

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        Problem problem = code == 400
                ? Problem.badRequest("this is no valid HTTP request: " + message)
                : Problem.ofStatus(code, String.valueOf(message));
        response.getHeaders().put(new HttpField(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE));
        byte[] body = Json.bytes(problem.toJson(request.getHttpURI().getPathQuery()));
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
