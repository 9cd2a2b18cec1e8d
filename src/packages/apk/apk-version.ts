/** The kinds of parts of a version. Of two versions that differ in kind, the one with the larger number ends sooner and is older. */
const kinds = {
  zeros: 0,
  digits: 1,
  letter: 2,
  suffix: 3,
  suffixNumber: 4,
  commit: 5,
  revision: 6,
  end: 7,
};

type Part = readonly [kind: number, value: bigint];

/** Suffixes from oldest to newest; those before `release` make a version older than it is without them. */
const suffixes = ['alpha', 'beta', 'pre', 'rc', 'release', 'cvs', 'svn', 'git', 'hg', 'p'];

const pattern =
  /^(\d+)((?:\.\d+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)((?:~[0-9a-f]+)?)((?:-r\d+)?)$/;

const end: Part = [kinds.end, 0n];

/** Splits off leading zeros, which make a number a fraction: 1.05 is older than 1.5, and 1.00 than 1.0. */
function numberParts(digits: string): Part[] {
  const zeros = /^0*/.exec(digits)![0].length;
  if (zeros === 0) return [[kinds.zeros, BigInt(digits)]];
  const rest = digits.slice(zeros);
  const lead: Part = [kinds.zeros, BigInt(-zeros)];
  return rest === '' ? [lead] : [lead, [kinds.digits, BigInt(rest)]];
}

function suffixParts(name: string, digits: string): Part[] {
  const rank = suffixes.indexOf(name) - suffixes.indexOf('release');
  const part: Part = [kinds.suffix, BigInt(rank)];
  return digits === '' ? [part] : [part, [kinds.suffixNumber, BigInt(digits)]];
}

/** Splits a version into parts as apk does. Throws SyntaxError. */
function partsOf(version: string): Part[] {
  const match = pattern.exec(version);
  if (match === null) throw new SyntaxError(`${JSON.stringify(version)} is no version`);
  const [, first = '', numbers = '', letter = '', suffixed = '', commit = '', revision = ''] =
    match;
  const parts: Part[] = [[kinds.digits, BigInt(first)]];
  for (const digits of numbers.split('.').slice(1)) parts.push(...numberParts(digits));
  if (letter !== '') parts.push([kinds.letter, BigInt(letter.charCodeAt(0))]);
  for (const [, name = '', digits = ''] of suffixed.matchAll(/_([a-z]+)(\d*)/g)) {
    parts.push(...suffixParts(name, digits));
  }
  if (commit !== '') parts.push([kinds.commit, BigInt(`0x${commit.slice(1)}`)]);
  if (revision !== '') parts.push([kinds.revision, BigInt(revision.slice(2))]);
  return parts;
}

const isEarly = ([kind, value]: Part): boolean => kind === kinds.suffix && value < 0n;

function comparePart(left: Part, right: Part): number {
  if (left[0] === right[0]) return left[1] < right[1] ? -1 : Number(left[1] > right[1]);
  if (isEarly(left)) return -1;
  return isEarly(right) ? 1 : right[0] - left[0];
}

/**
 * Compares two versions as apk does (apk-package(5), and `apk version -t`): negative when `left` is
 * older, positive when it is newer. Throws SyntaxError for a text that is no version.
 */
export function compareApkVersions(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)];
  for (let at = 0; at <= Math.max(a.length, b.length); at += 1) {
    const order = comparePart(a[at] ?? end, b[at] ?? end);
    if (order !== 0) return order;
  }
  return 0;
}

/** Tells whether a version is the other one or a more exact form of it: `~1.2` takes 1.2.3-r0. */
function startsWith(version: string, other: string): boolean {
  const parts = partsOf(version);
  return partsOf(other).every((part, at) => comparePart(parts[at] ?? end, part) === 0);
}

/** The operators between name and version of a dependency (apk-world(5)). */
export const operators = ['=', '<', '<=', '>', '>=', '~', '<~', '>~', '=~', '~='] as const;
export type ApkOperator = (typeof operators)[number];

/** Tells whether a version stands in a relation to another. Throws SyntaxError for a text that is no version. */
export function apkVersionSatisfies(
  version: string,
  operator: ApkOperator,
  other: string,
): boolean {
  if (operator.includes('~') && startsWith(version, other)) return true;
  const order = compareApkVersions(version, other);
  if (order === 0) return operator.includes('=');
  return operator.includes(order < 0 ? '<' : '>');
}
