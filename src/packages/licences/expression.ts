/** A licence expression (SPDX 2.3, annex D): an id, several that all hold, or several to choose from. */
export type Expression =
  | string
  | { readonly op: 'AND' | 'OR'; readonly parts: readonly Expression[] };

/** Joins expressions that all hold. */
export const allOf = (parts: readonly Expression[]): Expression => ({ op: 'AND', parts });

/** Joins expressions of which any may be chosen. */
export const anyOf = (parts: readonly Expression[]): Expression => ({ op: 'OR', parts });

/** Lists the parts of nested expressions of one operator. */
function flattened(expression: Expression, op: 'AND' | 'OR'): Expression[] {
  if (typeof expression === 'string') return [expression];
  const [only] = expression.parts;
  if (expression.parts.length === 1 && only !== undefined) return flattened(only, op);
  if (expression.op !== op) return [expression];
  return expression.parts.flatMap((part) => flattened(part, op));
}

const nested = (expression: Expression): string => {
  const text = expressionText(expression);
  return typeof expression === 'string' || !/ (?:AND|OR) /.test(text) ? text : `(${text})`;
};

/** Writes an expression in its one form: parts sorted, none twice, nested ones in parentheses. */
export function expressionText(expression: Expression): string {
  if (typeof expression === 'string') return expression;
  const parts = flattened(expression, expression.op).map(nested);
  const [first = '', ...others] = [...new Set(parts)].sort();
  if (others.length > 0) return [first, ...others].join(` ${expression.op} `);
  return first.replace(/^\((.*)\)$/, '$1');
}
