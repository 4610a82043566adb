package io.millrace.pipelines.launch;

import io.millrace.pipelines.options.ContractFileOptions;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Route;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** Files that options name, read where the command is given. */
public final class InputFiles {

  /**
   * Reads a contract.
   *
   * @throws LaunchException if the file cannot be read
   * @throws io.millrace.schemas.contract.ContractException if it is not a contract
   */
  public static Contract contract(String option, String file) {
    return Contract.parse(text(option, file), file);
  }

  /**
   * Reads the contract that the options name, with their routes and affixes.
   *
   * @throws LaunchException if the file cannot be read
   * @throws io.millrace.schemas.contract.ContractException if it is not a contract, or the options
   *     ask it for what it does not allow
   */
  public static Contract contract(ContractFileOptions options) {
    Contract contract = contract("contract", options.getContract());
    if (options.getRoute() != null) {
      contract =
          contract.withRoutes(
              Arrays.stream(options.getRoute().split(";", -1))
                  .filter(route -> !route.isBlank())
                  .map(Route::parse)
                  .toList());
    }
    String prefix = Objects.requireNonNullElse(options.getTablePrefix(), "");
    String suffix = Objects.requireNonNullElse(options.getTableSuffix(), "");
    return prefix.isEmpty() && suffix.isEmpty()
        ? contract
        : contract.withTableAffixes(prefix, suffix);
  }

  /**
   * Reads a file of text.
   *
   * @throws LaunchException if it cannot be read
   */
  public static String text(String option, String file) {
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw LaunchException.input("--" + option + ": " + file + " is a directory, not a file");
      }
      return Files.readString(path);
    } catch (NoSuchFileException | InvalidPathException e) {
      throw LaunchException.input("--" + option + ": there is no file " + file, e);
    } catch (MalformedInputException e) {
      throw LaunchException.input("--" + option + ": " + file + " is not text in UTF-8", e);
    } catch (IOException e) {
      throw LaunchException.input("--" + option + ": " + file + " cannot be read: " + e, e);
    }
  }

  private InputFiles() {}
}
