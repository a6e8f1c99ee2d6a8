package io.forebay.serdes;

import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** Makes trust and keys for {@code https} from Kafka's own options, so that JKS, PKCS12 and PEM all work. */
final class RegistryTls {
    private RegistryTls() {}

    /**
     * @param options Kafka's {@code ssl.*} options without that prefix
     * @throws org.apache.kafka.common.KafkaException if a store cannot be read; names it
     */
    static SSLContext context(Map<String, Object> options) {
        ConfigDef definition = new ConfigDef();
        SslConfigs.addClientSslSupport(definition);
        Map<String, Object> prefixed = new HashMap<>();
        options.forEach((name, value) -> prefixed.put("ssl." + name, value));
        try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
            factory.configure(definition.parse(prefixed));
            return factory.sslContext();
        }
    }
}
