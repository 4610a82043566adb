package io.millrace.pipelines.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An ODCS document as YAML. */
final class ContractYaml {
  private static final String API_VERSION = "v3.0.2";
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  /** The text of a contract of these tables. */
  static String of(String id, List<Map<String, Object>> tables) throws JsonProcessingException {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", API_VERSION);
    document.put("kind", "DataContract");
    document.put("id", id);
    document.put("name", id);
    document.put("version", "1.0.0");
    document.put("status", "draft");
    document.put("schema", tables);
    return YAML.writeValueAsString(document);
  }

  private ContractYaml() {}
}
