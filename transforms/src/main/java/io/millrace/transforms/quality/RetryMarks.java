package io.millrace.transforms.quality;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;

/**
 * The marks of the dead letters of a directory that were sent again, in files of JSON lines in its
 * folder {@code retried}. The letters' own files are never touched.
 *
 * <p>A file of marks comes into being whole, and holds all that the files before it held, which go
 * only afterwards; so whenever a run is killed, no mark is lost, and there is one for a letter, not
 * one for an attempt. Marks are joined by what they say, not by which file they are in: two runs
 * that mark at a time lose nothing of each other. A mark that is lost all the same costs a letter's
 * being sent once more, which changes no row.
 *
 * <p>All marks are held in memory, some 300 bytes each.
 */
public final class RetryMarks {
  private static final String FOLDER = "retried";
  private static final int MOST_LISTINGS = 20;

  private final ResourceId folder;

  /** The marks of a directory of dead letters. */
  public static RetryMarks in(String directory) {
    return new RetryMarks(
        DeadLetterFiles.resource(directory)
            .resolve(FOLDER, StandardResolveOptions.RESOLVE_DIRECTORY));
  }

  private RetryMarks(ResourceId folder) {
    this.folder = folder;
  }

  /** The mark of each letter that was sent again, by the letter's identity. */
  public Map<String, RetryMark> load() throws IOException {
    return load(new ArrayList<>());
  }

  private Map<String, RetryMark> load(List<ResourceId> files) throws IOException {
    for (int listing = 1; ; listing++) {
      Map<String, RetryMark> marks = new HashMap<>();
      files.clear();
      try {
        for (Metadata file :
            FileSystems.match(folder + "*.jsonl", EmptyMatchTreatment.ALLOW).metadata()) {
          read(file.resourceId(), marks);
          files.add(file.resourceId());
        }
        return marks;
      } catch (FileNotFoundException | NoSuchFileException e) {
        // Another run has just put all marks into a new file.
        if (listing == MOST_LISTINGS) {
          throw e;
        }
      }
    }
  }

  private static void read(ResourceId file, Map<String, RetryMark> marks) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(Channels.newReader(FileSystems.open(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        try {
          put(marks, RetryMark.parse(line));
        } catch (IllegalArgumentException e) {
          // Damaged: the letter is sent once more.
        }
      }
    }
  }

  private static void put(Map<String, RetryMark> marks, RetryMark mark) {
    marks.merge(mark.id(), mark, RetryMark::latest);
  }

  /** Adds marks to those that are there. They outlive this process once this returns. */
  void add(Iterable<RetryMark> added) throws IOException {
    List<ResourceId> before = new ArrayList<>();
    Map<String, RetryMark> marks = load(before);
    added.forEach(mark -> put(marks, mark));
    if (DeadLetterFiles.isLocal(folder)) {
      writeLocal(Path.of(folder.toString()), marks.values());
    } else {
      ResourceId file =
          folder.resolve(DeadLetterFiles.fileName(), StandardResolveOptions.RESOLVE_FILE);
      // An object is there once it is whole.
      write(Channels.newOutputStream(FileSystems.create(file, MimeTypes.TEXT)), marks.values());
    }
    FileSystems.delete(before, StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  private static void writeLocal(Path local, Collection<RetryMark> marks) throws IOException {
    OwnerOnly.createDirectories(local);
    Path unfinished = Files.createTempFile(local, ".unfinished-", "", OwnerOnly.file(local));
    try {
      write(Files.newOutputStream(unfinished), marks);
      Files.move(
          unfinished, local.resolve(DeadLetterFiles.fileName()), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void write(OutputStream stream, Collection<RetryMark> marks) throws IOException {
    try (Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8))) {
      for (RetryMark mark : marks) {
        out.write(mark.toJson());
        out.write('\n');
      }
    }
  }
}
