/** Ranks a character of the non-digit parts: tilde, end, letters, everything else. */
function rank(char: string | undefined): number {
  if (char === undefined || (char >= '0' && char <= '9')) return 0;
  if (char === '~') return -1;
  const code = char.charCodeAt(0);
  return /[A-Za-z]/.test(char) ? code : code + 256;
}

const isDigit = (char: string | undefined): boolean =>
  char !== undefined && char >= '0' && char <= '9';

/** Compares runs of digits of any length as numbers. */
function compareNumbers(left: string, right: string): number {
  const a = left.replace(/^0+/, '');
  const b = right.replace(/^0+/, '');
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
}

/** Compares upstream versions or revisions: non-digits and digits by turns. */
function comparePart(left: string, right: string): number {
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    while ((i < left.length && !isDigit(left[i])) || (j < right.length && !isDigit(right[j]))) {
      const difference = rank(left[i]) - rank(right[j]);
      if (difference !== 0) return difference;
      i += 1;
      j += 1;
    }
    const a = /^\d*/.exec(left.slice(i))![0];
    const b = /^\d*/.exec(right.slice(j))![0];
    const difference = compareNumbers(a, b);
    if (difference !== 0) return difference;
    i += a.length;
    j += b.length;
  }
  return 0;
}

function split(version: string) {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? '' : version.slice(0, colon),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/**
 * Compares two Debian versions (Debian Policy 5.6.12): negative when `left` is older, positive when
 * it is newer, 0 when they are equal, which different spellings can be (`1.0` and `1.00`).
 */
export function compareVersions(left: string, right: string): number {
  const a = split(left);
  const b = split(right);
  return (
    compareNumbers(a.epoch, b.epoch) ||
    comparePart(a.upstream, b.upstream) ||
    comparePart(a.revision, b.revision)
  );
}

export type Operator = '<<' | '<=' | '=' | '>=' | '>>';

/** Tells whether a version stands in a relation to another (Debian Policy 7.1). */
export function versionSatisfies(version: string, operator: Operator, other: string): boolean {
  const order = compareVersions(version, other);
  if (operator === '=') return order === 0;
  if (operator === '<<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>>' ? order > 0 : order >= 0;
}
