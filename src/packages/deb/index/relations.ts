import { type Operator, versionSatisfies } from './deb-version.ts';

/** One package that a relationship field names (Debian Policy 7.1). */
export interface Relation {
  readonly name: string;
  readonly constraint?: { readonly operator: Operator; readonly version: string };
}

const pattern =
  /^([a-z0-9][a-z0-9+.-]*)(?::([a-z0-9-]+))?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s()]+)\s*\))?\s*(?:\[([^\]]*)\])?\s*(?:<[^>]*>\s*)*$/;

/** `<` and `>` are obsolete spellings that include equality. */
const operators: Readonly<Record<string, Operator>> = { '<': '<=', '>': '>=' };

/** Tells whether `[amd64 arm64]` or `[!i386]` includes an architecture (Debian Policy 7.1 and 11.1). */
function appliesTo(restriction: string, architecture: string): boolean {
  const names = restriction.split(/\s+/).filter((name) => name !== '');
  const negative = names.some((name) => name.startsWith('!'));
  const wildcards = [
    architecture,
    'any',
    'linux-any',
    `any-${architecture}`,
    `linux-${architecture}`,
  ];
  const named = names.some((name) => wildcards.includes(name.replace(/^!/, '')));
  return negative ? !named : named;
}

function parseRelation(text: string, architecture: string): Relation | undefined {
  const match = pattern.exec(text);
  if (match === null)
    throw new SyntaxError(`expected a package relationship, found ${JSON.stringify(text)}`);
  const [, name, qualifier, operator, version, restriction] = match;
  if (restriction !== undefined && !appliesTo(restriction, architecture)) return undefined;
  const own = [undefined, 'any', 'native', 'all', architecture];
  // A package of another architecture cannot come from this architecture's index.
  if (!own.includes(qualifier)) return undefined;
  if (operator === undefined) return { name: name! };
  const constraint = { operator: operators[operator] ?? (operator as Operator), version: version! };
  return { name: name!, constraint };
}

/**
 * Parses a relationship field into groups, each to be met by one of its alternatives. Alternatives
 * for other architectures are left out, and groups of nothing else. Throws SyntaxError.
 */
export function parseRelations(field: string | undefined, architecture: string): Relation[][] {
  return (field ?? '')
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '')
    .map((group) =>
      group.split('|').flatMap((text) => parseRelation(text.trim(), architecture) ?? []),
    )
    .filter((group) => group.length > 0);
}

/** A package's own name and version, or a name that it provides. */
export interface Provided {
  readonly name: string;
  /** Undefined when a virtual package is provided without a version. */
  readonly version: string | undefined;
}

/** Tells whether a provided name meets a relation; without a version it meets no versioned one (Policy 7.5). */
export function meets(provided: Provided, relation: Relation): boolean {
  if (provided.name !== relation.name) return false;
  if (relation.constraint === undefined) return true;
  if (provided.version === undefined) return false;
  return versionSatisfies(
    provided.version,
    relation.constraint.operator,
    relation.constraint.version,
  );
}

/** Writes a relation as control files do. */
export function showRelation({ name, constraint }: Relation): string {
  return constraint === undefined ? name : `${name} (${constraint.operator} ${constraint.version})`;
}

/** Writes alternatives as control files do. */
export const showGroup = (group: readonly Relation[]): string =>
  group.map(showRelation).join(' | ');
