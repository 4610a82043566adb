package io.millrace.pipelines.lake;

import io.millrace.pipelines.launch.Command;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.Session;
import io.millrace.transforms.lake.LakeFile;
import io.millrace.transforms.lake.LakeManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** {@code lake} on the command line. */
public final class LakeCommand implements Command<LakeCommandOptions> {
  @Override
  public String name() {
    return "lake";
  }

  @Override
  public String summary() {
    return "show what a lake holds, and check its files";
  }

  @Override
  public String description() {
    return "Prints what replicate --lake=DIR has committed: a summary, the files that count, or"
        + " views for DuckDB, of which orders_log has every record and orders each change once."
        + " Fails if a file is missing or not whole. A running replicate does not mind.";
  }

  @Override
  public Class<LakeCommandOptions> options() {
    return LakeCommandOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of("lake --lake=lake", "lake --lake=lake --show=views");
  }

  @Override
  public void run(LakeCommandOptions options, Session session) {
    if (!Files.isDirectory(Path.of(options.getLake().replaceFirst("^file:(//)?", "")))) {
      throw LaunchException.input("--lake: there is no directory " + options.getLake());
    }
    LakeManifest manifest = LakeManifest.read(options.getLake());
    String table = options.getTable();
    if (table != null) {
      manifest = manifest.of(table);
      if (manifest.tables().isEmpty()) {
        throw LaunchException.input("--table: the lake holds no changes of " + table);
      }
    }
    check(manifest, options.getLake());
    switch (options.getShow()) {
      case SUMMARY -> manifest.tables().forEach((name, files) -> summarize(name, files, session));
      case FILES -> manifest.files().stream().map(manifest::locate).forEach(session.out()::println);
      case VIEWS -> session.out().print(manifest.duckDbViews());
    }
  }

  private static void check(LakeManifest manifest, String lake) {
    List<String> faults = manifest.check();
    if (!faults.isEmpty()) {
      throw LaunchException.world(
          String.format(
              Locale.ROOT,
              "%,d files of the lake in %s are not as they were written: %s%s; bring them back from a"
                  + " copy",
              faults.size(),
              lake,
              faults.get(0),
              faults.size() > 1 ? ", and others" : ""),
          null);
    }
  }

  private static void summarize(String table, List<LakeFile> files, Session session) {
    List<String> dates =
        files.stream().map(LakeFile::date).filter(Objects::nonNull).distinct().sorted().toList();
    session
        .out()
        .printf(
            Locale.ROOT,
            "  %-24s %,15d changes %,9d files %,9d MB  %s%n",
            table,
            files.stream().mapToLong(LakeFile::rows).sum(),
            files.size(),
            files.stream().mapToLong(LakeFile::bytes).sum() >> 20,
            dates.isEmpty() ? "" : dates.get(0) + " to " + dates.get(dates.size() - 1));
  }
}
