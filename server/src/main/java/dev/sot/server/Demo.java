package dev.sot.server;

import org.neo4j.driver.Driver;

/** The demonstration: what a newcomer would do, call by call. */
final class Demo {
    private final Console console;
    private final Driver driver;

    Demo(Console console, Driver driver) {
        this.console = console;
        this.driver = driver;
    }

    void run() {
        driver.verifyConnectivity();
        console.results().println("connected");
    }
}
