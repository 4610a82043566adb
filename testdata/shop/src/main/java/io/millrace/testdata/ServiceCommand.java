package io.millrace.testdata;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one service in this JVM until it is told to stop; for {@link ServiceProcess}. */
@Command(name = "service", hidden = true, description = "Runs one service in the foreground.")
final class ServiceCommand implements Runnable {
  enum Kind {
    postgres,
    kafka
  }

  @Parameters(description = "postgres or kafka")
  private Kind kind;

  @Option(names = "--directory", required = true, description = "where its files go")
  private Path directory;

  @Option(names = "--database", defaultValue = "postgres", description = "PostgreSQL's database")
  private String database;

  @Option(names = "--lifeline", description = "stop when standard input ends")
  private boolean lifeline;

  @Override
  public void run() {
    if (lifeline) {
      Lifeline.watch();
    }
    // Each stops itself in a shutdown hook, and keeps the JVM busy until then.
    String address =
        switch (kind) {
          case postgres -> LocalPostgres.start(database, directory).jdbcUrl();
          case kafka -> LocalKafka.start(directory).bootstrapServers();
        };
    System.out.println("READY " + address);
    System.out.flush();
    waitForEver();
  }

  private static void waitForEver() {
    Object never = new Object();
    synchronized (never) {
      while (true) {
        try {
          never.wait();
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }
}
