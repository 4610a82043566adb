package io.millrace.pipelines.launch;

import io.millrace.transforms.warehouse.SecretReference;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The options that lead into a database, {@code …Url}, {@code …User} and {@code …Password}. */
public final class DatabaseAccess {
  private static final Pattern PASSWORD =
      Pattern.compile("(?i)jdbc:postgresql:[^?]*@.*|.*[?&][^=&]*(password|passwd|pwd)[^=&]*=.*");

  /**
   * Makes sure that the URL is one of PostgreSQL, that it holds no password, and that the password
   * is where it is said to be.
   *
   * @param prefix of the three options, such as {@code warehouse}
   * @throws LaunchException if not; the message repeats no secret
   */
  public static void check(String prefix, String url, @Nullable String password) {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw LaunchException.input(
          "--"
              + prefix
              + "Url must be a JDBC URL of PostgreSQL, such as jdbc:postgresql://localhost:5432/shop");
    }
    if (PASSWORD.matcher(url).matches()) {
      throw LaunchException.input(
          "--"
              + prefix
              + "Url holds a user or a password, which logs would show; give --"
              + prefix
              + "User=NAME and --"
              + prefix
              + "Password=file:PATH or env:NAME");
    }
    if (password != null) {
      checkPassword(prefix, password);
    }
  }

  private static void checkPassword(String prefix, String password) {
    if (!password.startsWith("file:") && !password.startsWith("env:")) {
      throw LaunchException.input(
          "--"
              + prefix
              + "Password says where the password is, file:PATH or env:NAME; a password itself on"
              + " the command line is seen by everyone on this machine");
    }
    try {
      SecretReference.parse(password).resolve();
    } catch (RuntimeException e) {
      throw LaunchException.input("--" + prefix + "Password: " + e.getMessage(), e);
    }
  }

  private DatabaseAccess() {}
}
