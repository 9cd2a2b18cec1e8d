import type { Info } from 'spdx-expression-parse';
import type { Component, ComponentKind } from '../../kinds/component.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

/** Returns a licence as a policy names it, for instance `GPL-2.0-only WITH Classpath-exception-2.0`. */
function nameOf(info: Exclude<Info, { readonly conjunction: string }>): string {
  const plus = info.plus ? '+' : '';
  return `${info.license}${plus}${info.exception === undefined ? '' : ` WITH ${info.exception}`}`;
}

/** Returns the licences that are not allowed; of a choice, those of the option that has the fewest. */
function refusedIn(info: Info, isAllowed: (licence: string) => boolean): string[] {
  if (!('conjunction' in info)) return isAllowed(nameOf(info)) ? [] : [nameOf(info)];
  const left = refusedIn(info.left, isAllowed);
  const right = refusedIn(info.right, isAllowed);
  if (info.conjunction === 'and') return [...new Set([...left, ...right])];
  return right.length < left.length ? right : left;
}

/**
 * Returns why a component under a licence expression (SPDX 2.3, annex D) is refused; undefined when it is
 * not. Without `allow` any known licence passes.
 */
async function licenceProblem(
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

const called = ({ name, version }: Component): string =>
  version === undefined ? name : `${name} ${version}`;

function violationOf(component: Component, problem: string): Violation {
  return {
    kind: 'component',
    subject: component.name,
    message: `${called(component)}: ${problem} (${component.licence.basis}).`,
    remedy:
      'Find out what it is under; then allow that licence, take another package, or name the component under "exceptions" with the reason.',
  };
}

/** Kinds that the recipe itself brings: they are its author's, who needs no licence of them. */
const own: readonly ComponentKind[] = ['sources', 'files', 'accounts', 'run', 'from'];

/** Finds components from outside whose licence is unknown or not allowed. */
export async function licences(
  { allow, exceptions = {} }: RuleSettings<'licences'>,
  { inventory }: PolicySubject,
): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const component of inventory.components) {
    if (own.includes(component.kind) || Object.hasOwn(exceptions, component.name)) continue;
    const problem = await licenceProblem(component.licence.expression, allow);
    if (problem !== undefined) found.push(violationOf(component, problem));
  }
  return found;
}
