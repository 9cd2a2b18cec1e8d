/** Epoch, version and release of a package (rpm-version(7)). */
export interface Evr {
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
}

/** Writes a version as rpm and dnf show it, without an epoch of 0. */
export const evrText = ({ epoch, version, release }: Evr): string =>
  `${epoch === 0 ? '' : `${epoch}:`}${version}-${release}`;

/** Splits what `evrText` writes. Throws SyntaxError. */
export function parseEvr(text: string): Evr {
  const [, epoch = '0', version = '', release = ''] =
    /^(?:(\d{1,10}):)?([^:-]+)-([^:-]+)$/.exec(text) ?? [];
  if (version === '') throw new SyntaxError(`${JSON.stringify(text)} is no version with a release`);
  return { epoch: Number(epoch), version, release };
}

type Order = -1 | 0 | 1;

/** Splits into the parts that are compared: digits, letters, and the signs that sort before and after. */
const partsOf = (text: string): string[] => text.match(/\d+|[A-Za-z]+|[~^]/g) ?? [];

const isNumber = (part: string): boolean => /^\d/.test(part);

function compareNumbers(left: string, right: string): Order {
  const [a, b] = [left.replace(/^0+/, ''), right.replace(/^0+/, '')];
  if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Compares two parts at one place; undefined where a version has ended. `~` sorts before the end, `^` behind it. */
function comparePart(left: string | undefined, right: string | undefined): Order {
  if (left === right) return 0;
  if (left === '~' || right === '~') return left === '~' ? -1 : 1;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  if (left === '^' || right === '^') return left === '^' ? -1 : 1;
  if (isNumber(left) !== isNumber(right)) return isNumber(left) ? 1 : -1;
  if (isNumber(left)) return compareNumbers(left, right);
  return left < right ? -1 : 1;
}

/** Compares two versions, or two releases, as rpm does (rpmvercmp). */
export function compareRpmVersions(left: string, right: string): Order {
  const [a, b] = [partsOf(left), partsOf(right)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const order = comparePart(a[at], b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Compares epochs, then versions, then releases: negative when `left` is older. */
export function compareEvr(left: Evr, right: Evr): number {
  return (
    left.epoch - right.epoch ||
    compareRpmVersions(left.version, right.version) ||
    compareRpmVersions(left.release, right.release)
  );
}
