import type { Info } from 'spdx-expression-parse';

/** A licence as a policy names it, for instance `GPL-2.0-only WITH Classpath-exception-2.0`. */
function nameOf(info: Exclude<Info, { readonly conjunction: string }>): string {
  const plus = info.plus ? '+' : '';
  return `${info.license}${plus}${info.exception === undefined ? '' : ` WITH ${info.exception}`}`;
}

/** The licences that stand in the way; of a choice, those of the option with the fewest. */
function refusedIn(info: Info, isAllowed: (licence: string) => boolean): string[] {
  if (!('conjunction' in info)) return isAllowed(nameOf(info)) ? [] : [nameOf(info)];
  const left = refusedIn(info.left, isAllowed);
  const right = refusedIn(info.right, isAllowed);
  if (info.conjunction === 'and') return [...new Set([...left, ...right])];
  return right.length < left.length ? right : left;
}

/**
 * Why a component under a licence expression (SPDX 2.3, annex D) is not let pass; undefined when it
 * is. Without `allow` any licence that is known will do.
 */
export async function licenceProblem(
  expression: string,
  allow: readonly string[] | undefined,
): Promise<string | undefined> {
  if (expression === 'NOASSERTION') return 'its licence is unknown';
  // CommonJS: its one function is the default export.
  const { default: parse } = await import('spdx-expression-parse');
  try {
    const refused = refusedIn(parse(expression), (each) => allow?.includes(each) ?? true);
    if (refused.length === 0) return undefined;
    return `${expression} asks for ${refused.join(', ')}, which is not allowed`;
  } catch (error) {
    return `its licence ${JSON.stringify(expression)} cannot be read: ${(error as Error).message}`;
  }
}
