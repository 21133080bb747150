package dev.sot.server;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for ports that {@code serve} and {@code demo} share. */
final class Ports {
    private static final int MAXIMUM = 65535;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--http",
            paramLabel = "PORT",
            defaultValue = "7474",
            description = "Port of Browser, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int http;

    @Option(
            names = "--bolt",
            paramLabel = "PORT",
            defaultValue = "7687",
            description = "Port of Bolt, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int bolt;

    int http() {
        return checked(http, "--http");
    }

    int bolt() {
        return checked(bolt, "--bolt");
    }

    private int checked(int port, String option) {
        if (port < 0 || port > MAXIMUM) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " " + port + " is no port; give one of 0 to " + MAXIMUM + ".");
        }
        return port;
    }
}
