package io.millrace.pipelines.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.pipelines.launch.Command;
import io.millrace.pipelines.launch.DatabaseAccess;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.Session;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.contract.WithoutKey;
import io.millrace.transforms.warehouse.SecretReference;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;

/** {@code contract} on the command line. */
public final class ContractCommand implements Command<ContractOptions> {
  @Override
  public String name() {
    return "contract";
  }

  @Override
  public String summary() {
    return "write a data contract from a live database, or check one";
  }

  @Override
  public String description() {
    return "Writes what a PostgreSQL database says of its tables (columns, exact types, keys,"
        + " comments) as an Open Data Contract (ODCS v3) in YAML. What it cannot know, such as"
        + " which columns hold personal data, is for you to add. Views are left out, and so, with"
        + " a warning, are tables that nothing identifies the rows of.";
  }

  @Override
  public Class<ContractOptions> options() {
    return ContractOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "contract --databaseUrl=jdbc:postgresql://localhost:5432/shop --databaseUser=postgres"
            + " --databasePassword=env:SHOP_PASSWORD --output=shop.odcs.yaml",
        "contract --check=shop.odcs.yaml");
  }

  @Override
  public void run(ContractOptions options, Session session) {
    if (options.getCheck() != null) {
      check(options, session);
      return;
    }
    if (options.getDatabaseUrl() == null || options.getOutput() == null) {
      throw LaunchException.input(
          "contract needs either --check=FILE, or --databaseUrl=JDBC_URL" + " and --output=FILE");
    }
    DatabaseAccess.check("database", options.getDatabaseUrl(), options.getDatabasePassword());
    ContractDraft draft = read(options);
    draft.warnings().forEach(session::warn);
    if (draft.tables().isEmpty()) {
      throw LaunchException.input("no table is left for the contract; nothing was written");
    }
    write(options, draft);
    tell(InputFiles.contract("output", options.getOutput()), options.getOutput(), session);
  }

  private static void check(ContractOptions options, Session session) {
    if (options.getDatabaseUrl() != null || options.getOutput() != null) {
      throw LaunchException.input(
          "--check reads a contract, --databaseUrl and --output write one; give only one of both");
    }
    tell(InputFiles.contract("check", options.getCheck()), options.getCheck(), session);
  }

  private static void tell(Contract contract, String file, Session session) {
    session.out().printf("%s: %s %s%n", file, contract.id(), contract.version());
    for (TableContract table : contract.tables()) {
      List<String> columns =
          table.columns().stream()
              .map(ColumnContract::name)
              .filter(column -> !column.equals(WithoutKey.COLUMN))
              .toList();
      String key =
          table.keyColumns().stream()
              .map(table.columns()::get)
              .map(ColumnContract::name)
              .collect(Collectors.joining(", "));
      session
          .out()
          .printf(
              "  %-24s %3d columns, key %s%s%n",
              table.name(),
              columns.size(),
              table
                  .withoutKey()
                  .map(policy -> "none: " + policy.name().toLowerCase(Locale.ROOT))
                  .orElse(key),
              table.physicalName().endsWith("." + table.name())
                  ? ""
                  : ", from " + table.physicalName());
    }
  }

  private static ContractDraft read(ContractOptions options) {
    List<String> schemas = names(options.getSchemas());
    List<String> wanted = names(options.getTables());
    ContractDraft draft = new ContractDraft();
    try (Connection connection = connect(options)) {
      PostgresCatalog catalog = new PostgresCatalog(connection, schemas);
      checkAllThere("--schemas", schemas, catalog.existingSchemas());
      List<SourceTable> tables = catalog.tables();
      List<String> known = new ArrayList<>();
      for (SourceTable table : tables) {
        known.add(table.name());
        known.add(table.physicalName());
        if (wanted.isEmpty()
            || wanted.contains(table.name())
            || wanted.contains(table.physicalName())) {
          draft.add(table);
        }
      }
      checkAllThere("--tables", wanted, known);
    } catch (SQLException e) {
      throw LaunchException.world(
          "the database " + options.getDatabaseUrl() + " cannot be read: " + e.getMessage(), e);
    }
    return draft;
  }

  private static List<String> names(String list) {
    return list == null
        ? List.of()
        : Arrays.stream(list.split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
  }

  private static void checkAllThere(String option, List<String> wanted, List<String> known) {
    List<String> missing = wanted.stream().filter(name -> !known.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw LaunchException.input(
          option + ": the database does not have " + String.join(", ", missing));
    }
  }

  private static Connection connect(ContractOptions options) throws SQLException {
    Properties properties = new Properties();
    if (options.getDatabaseUser() != null) {
      properties.setProperty("user", options.getDatabaseUser());
    }
    if (options.getDatabasePassword() != null) {
      properties.setProperty(
          "password", SecretReference.parse(options.getDatabasePassword()).resolve());
    }
    properties.setProperty("ApplicationName", "millrace contract");
    properties.setProperty("connectTimeout", "10");
    return DriverManager.getConnection(options.getDatabaseUrl(), properties);
  }

  private static void write(ContractOptions options, ContractDraft draft) {
    Path file = Path.of(options.getOutput());
    OpenOption how =
        options.getOverwrite()
            ? StandardOpenOption.TRUNCATE_EXISTING
            : StandardOpenOption.CREATE_NEW;
    try {
      Files.writeString(
          file,
          ContractYaml.of(id(options), draft.tables()),
          StandardOpenOption.WRITE,
          options.getOverwrite() ? StandardOpenOption.CREATE : how,
          how);
    } catch (FileAlreadyExistsException e) {
      throw LaunchException.input(
          "--output: " + file + " exists; give another name, or --overwrite to replace it", e);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a contract of plain values could not be written", e);
    } catch (IOException e) {
      throw LaunchException.input("--output: " + file + " cannot be written: " + e, e);
    }
  }

  /** The database's name. */
  private static String id(ContractOptions options) {
    String id = options.getDatabaseUrl().replaceFirst("\\?.*", "").replaceFirst(".*[/:]", "");
    return id.isEmpty() ? "source" : id;
  }
}
