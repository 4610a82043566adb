package io.millrace.schemas.expression;

import com.ezylang.evalex.EvaluationException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.functions.FunctionIfc;
import com.ezylang.evalex.functions.FunctionParameterDefinition;
import com.ezylang.evalex.parser.Token;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** {@code if(condition, then, otherwise)}: only what is chosen is evaluated; null is not true. */
final class IfFunction implements FunctionIfc {
  private static final List<FunctionParameterDefinition> PARAMETERS =
      List.of(
          FunctionParameterDefinition.builder().name("condition").build(),
          FunctionParameterDefinition.builder().name("then").isLazy(true).build(),
          FunctionParameterDefinition.builder().name("otherwise").isLazy(true).build());

  @Override
  public List<FunctionParameterDefinition> getFunctionParameterDefinitions() {
    return PARAMETERS;
  }

  @Override
  public boolean hasVarArgs() {
    return false;
  }

  @Override
  public void validatePreEvaluation(Token token, EvaluationValue... arguments) {}

  @Override
  public EvaluationValue evaluate(Expression expression, Token token, EvaluationValue... arguments)
      throws EvaluationException {
    @Nullable Object condition = Scalars.of(arguments[0]);
    boolean isTrue = condition != null && Scalars.bool(condition);
    return expression.evaluateSubtree(arguments[isTrue ? 1 : 2].getExpressionNode());
  }
}
