package io.forebay.serdes.registry;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One URL of a registry.
 *
 * <p>Names of hosts have no underscore, says RFC 1123, and so do {@link URI} (it finds no host) and {@code HttpClient} (it
 * refuses the URL); but Docker Compose and others hand out such names, and they resolve. So this asks for the address of
 * such a host itself, for each request, and gives the client that. The registry then sees the address in the
 * {@code Host} header. With TLS there is no such way, as no certificate is for such a name.
 *
 * @param root the URL without credentials and without a slash at the end
 * @param userInfo {@code user:password} in front of the host, if any
 * @param unusualHost the host if {@code root} has one that {@link URI} does not accept
 */
record RegistryAddress(
        URI root, @Nullable String userInfo, @Nullable String unusualHost) {
    /** How names become addresses; a test knows names that nobody else does. */
    @FunctionalInterface
    interface Resolver {
        InetAddress resolve(String host) throws UnknownHostException;
    }

    private static final Pattern AUTHORITY = Pattern.compile("(?:(.*)@)?([A-Za-z0-9._-]+)(:[0-9]{1,5})?");

    /**
     * @throws IllegalArgumentException if this is not the URL of a registry; has the URL without credentials
     */
    static RegistryAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip().replaceAll("/+$", ""));
        } catch (URISyntaxException e) { // not kept as the cause: its message has the whole text, credentials included
            throw new IllegalArgumentException(
                    "not a registry URL: " + withoutCredentials(text) + ": " + e.getReason());
        }
        if (!("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) || uri.getRawAuthority() == null) {
            throw new IllegalArgumentException(
                    "not a registry URL (http://… or https://…): " + withoutCredentials(text));
        }
        String user = uri.getHost() != null ? uri.getUserInfo() : userOf(uri);
        String raw = uri.getRawAuthority();
        String authority = raw.substring(raw.lastIndexOf('@') + 1);
        URI root = URI.create(uri.toString().replace("//" + raw, "//" + authority));
        return new RegistryAddress(root, user, uri.getHost() != null ? null : unusualHost(uri, text));
    }

    private static @Nullable String userOf(URI uri) {
        String authority = uri.getAuthority();
        int end = authority.lastIndexOf('@');
        return end < 0 ? null : authority.substring(0, end);
    }

    private static String unusualHost(URI uri, String text) {
        Matcher matcher = AUTHORITY.matcher(uri.getRawAuthority());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a registry URL, no host in it: " + withoutCredentials(text));
        }
        if ("https".equals(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "not a registry URL: with https a host needs a name that a certificate can"
                            + " be for, without underscore: " + withoutCredentials(text));
        }
        return matcher.group(2);
    }

    private static String withoutCredentials(String url) {
        return url.replaceAll("(//|^)[^/]*@", "$1***@");
    }

    /** The URL of a request, in a form that the client takes. */
    URI request(String path, Resolver resolver) throws IOException {
        URI named = URI.create(root + path);
        if (unusualHost == null) {
            return named;
        }
        InetAddress address = resolver.resolve(unusualHost);
        String literal =
                address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        return URI.create(named.toString().replaceFirst("//" + Pattern.quote(unusualHost), "//" + literal));
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
