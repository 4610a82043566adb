package io.millrace.pipelines.layers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.pipelines.launch.Command;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.Session;
import java.io.PrintStream;
import java.util.List;

/** {@code layers} on the command line. */
public final class LayersCommand implements Command<LayersOptions> {
  @Override
  public String name() {
    return "layers";
  }

  @Override
  public String summary() {
    return "show which table is made of which, and by which command";
  }

  @Override
  public String description() {
    return "Prints the tables of a contract by layer: bronze is what was received, parsed and typed;"
        + " silver the entities, current and with their history; gold what is computed of them."
        + " Each table has the one command that makes it anew of the layer before, into a version"
        + " of its own where it is in the warehouse.";
  }

  @Override
  public Class<LayersOptions> options() {
    return LayersOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of("layers --contract=shop.odcs.yaml", "layers --contract=shop.odcs.yaml --json");
  }

  @Override
  public void run(LayersOptions options, Session session) throws JsonProcessingException {
    String file = options.getContract();
    List<LayeredTable> tables = new Layers(InputFiles.contract("contract", file), file).tables();
    if (options.getJson()) {
      session
          .out()
          .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(tables));
    } else {
      print(tables, session.out());
    }
  }

  private static void print(List<LayeredTable> tables, PrintStream out) {
    String layer = "";
    for (LayeredTable table : tables) {
      if (!table.layer().equals(layer)) {
        layer = table.layer();
        out.println(layer);
      }
      out.println(
          "  "
              + table.table()
              + " ("
              + table.kind()
              + ") reads "
              + (table.reads().isEmpty() ? "the landing" : String.join(", ", table.reads())));
      out.println("      " + table.command());
    }
  }
}
