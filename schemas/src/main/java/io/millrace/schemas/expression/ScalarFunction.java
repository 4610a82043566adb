package io.millrace.schemas.expression;

import com.ezylang.evalex.Expression;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.functions.FunctionIfc;
import com.ezylang.evalex.functions.FunctionParameterDefinition;
import com.ezylang.evalex.parser.ASTNode;
import com.ezylang.evalex.parser.Token;
import com.ezylang.evalex.parser.Token.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A function of some numbers, texts and booleans to one of them. */
final class ScalarFunction implements FunctionIfc {
  static final int ANY_NUMBER = Integer.MAX_VALUE;

  /** What a function does; arguments are null only where it takes nulls. */
  interface Body {
    @Nullable Object apply(@Nullable Object[] arguments);
  }

  private final int least;
  private final int most;
  private final boolean takesNull;
  private final @Nullable Consumer<String> literal;
  private final Body body;

  private ScalarFunction(
      int least, int most, boolean takesNull, @Nullable Consumer<String> literal, Body body) {
    this.least = least;
    this.most = most;
    this.takesNull = takesNull;
    this.literal = literal;
    this.body = body;
  }

  /** A function of so many arguments that is null where one of them is. */
  static ScalarFunction of(int least, int most, Body body) {
    return new ScalarFunction(least, most, false, null, body);
  }

  static ScalarFunction of(int count, Body body) {
    return of(count, count, body);
  }

  /** The same function, which now sees nulls. */
  ScalarFunction takingNull() {
    return new ScalarFunction(least, most, true, literal, body);
  }

  /** The same function, whose last argument must be a text in quotes that this check takes. */
  ScalarFunction endingWithLiteral(Consumer<String> check) {
    return new ScalarFunction(least, most, takesNull, check, body);
  }

  /** Checks a call of the function, as far as can be before there is a row. */
  void check(ASTNode call) {
    List<ASTNode> arguments = call.getParameters();
    String name = call.getToken().getValue();
    if (arguments.size() > most) {
      throw new ExpressionException("too many arguments: " + name + " takes at most " + most);
    }
    if (literal == null) {
      return;
    }
    Token last = arguments.get(arguments.size() - 1).getToken();
    if (last.getType() != TokenType.STRING_LITERAL) {
      throw new ExpressionException("the last argument of " + name + " must be text in quotes");
    }
    literal.accept(last.getValue());
  }

  @Override
  public List<FunctionParameterDefinition> getFunctionParameterDefinitions() {
    List<FunctionParameterDefinition> definitions = new ArrayList<>();
    for (int i = 0; i < least; i++) {
      definitions.add(FunctionParameterDefinition.builder().name("argument" + (i + 1)).build());
    }
    if (hasVarArgs()) {
      definitions.add(FunctionParameterDefinition.builder().name("more").isVarArg(true).build());
    }
    return definitions;
  }

  @Override
  public boolean hasVarArgs() {
    return most > least;
  }

  @Override
  public void validatePreEvaluation(Token token, EvaluationValue... arguments) {}

  @Override
  public EvaluationValue evaluate(
      Expression expression, Token token, EvaluationValue... arguments) {
    @Nullable Object[] scalars = new Object[arguments.length];
    for (int i = 0; i < scalars.length; i++) {
      scalars[i] =
          this == ScalarFunctions.COLUMN
              ? Scalars.of(
                  expression.getDataAccessor().getData(String.valueOf(arguments[i].getValue())))
              : Scalars.of(arguments[i]);
      if (scalars[i] == null && !takesNull) {
        return EvaluationValue.NULL_VALUE;
      }
    }
    return Scalars.value(body.apply(scalars));
  }
}
