import type { Component, ComponentKind } from '../../kinds/component.ts';
import type { Violation } from '../finding.ts';
import { licenceProblem } from '../licence-expression.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

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

/** What the recipe itself brings is its author's, who needs no licence of it. */
const own: readonly ComponentKind[] = ['sources', 'files', 'accounts', 'run', 'from'];

/** Components from outside whose licence is unknown or not among those allowed. */
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
