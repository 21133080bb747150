package dev.sot.procedures.config;

/**
 * A configuration map, or an argument, that a procedure cannot work with. The message is for the
 * user.
 */
public final class ConfigurationException extends RuntimeException {

    public ConfigurationException(String message) {
        super(message);
    }
}
