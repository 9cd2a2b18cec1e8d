/** A part of a JSON value that is not what it has to be. */
export interface Difference {
  /** For instance `dsseEnvelope.signatures[0].sig`; '' is the whole. */
  readonly field: string;
  /** The value in the file. */
  readonly claimed: string;
  /** The computed value, or the only one that may stand there. */
  readonly computed: string;
}

const mostShown = 80;

/** Shows as much of a value as a person wants to see. */
function briefly(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown - 1)}…` : text;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const below = (field: string, name: string, inArray: boolean): string => {
  if (inArray) return `${field}[${name}]`;
  return field === '' ? name : `${field}.${name}`;
};

/**
 * Lists the differences between two JSON values, each named by its path, in the order of the
 * fields' names.
 */
export function differences(claimed: unknown, computed: unknown, field = ''): Difference[] {
  const alike = isObject(claimed) && isObject(computed);
  if (!alike || Array.isArray(claimed) !== Array.isArray(computed)) {
    if (claimed === computed) return [];
    return [{ field, claimed: briefly(claimed), computed: briefly(computed) }];
  }
  const names = [...new Set([...Object.keys(claimed), ...Object.keys(computed)])].sort();
  return names.flatMap((name) => {
    const path = below(field, name, Array.isArray(claimed));
    const one = Object.hasOwn(claimed, name) ? claimed[name] : undefined;
    const other = Object.hasOwn(computed, name) ? computed[name] : undefined;
    return differences(one, other, path);
  });
}
