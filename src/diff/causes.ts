import { gunzipSync } from 'node:zlib';
import type { ByteString } from '../base/byte-string.ts';
import type { PathDifference } from '../evidence/mtree/compare-paths.ts';
import type { PackageChange } from './packages.ts';

/** Facts about two sides besides their paths. */
export interface Facts {
  /** Returns the names of the packages that a path belongs to, on either side. */
  readonly ownersOf: (path: ByteString) => readonly string[];
  /** Tells whether a package is installed on both sides. */
  readonly onBothSides: (name: string) => boolean;
  /** Returns the change of a package of the image. */
  readonly changeOf: (name: string) => PackageChange | undefined;
  /** Returns both contents of a file that differs, if they are available and small enough. */
  readonly contentsOf: (path: ByteString) => readonly [Buffer, Buffer] | undefined;
  /** Inputs other than packages of the image that changed: the builder's, an archive. */
  readonly inputs: readonly PackageChange[];
  /** True when the recipes are known to differ. */
  readonly recipeChanged: boolean;
}

/** A reason for paths to differ. */
export interface Cause {
  /** Stable word for machines. */
  readonly name: string;
  /** The meaning of the difference, and whether it matters. */
  readonly reason: string;
  /** Details for people, '' for none; undefined when this is not the cause. */
  readonly explains: (difference: PathDifference, facts: Facts) => string | undefined;
}

const only = ({ one, other, keywords }: PathDifference, ...allowed: string[]): boolean =>
  one !== undefined &&
  other !== undefined &&
  keywords.every(({ keyword }) => allowed.includes(keyword));

const at =
  (pattern: RegExp) =>
  ({ path }: PathDifference) =>
    pattern.test(path) ? '' : undefined;

/** Writes a change as `name old → new`. */
const shown = ({ name, before = 'absent', after = 'absent' }: PackageChange): string =>
  `${name} ${before} → ${after}`;

const linesOf = (bytes: Buffer): string[] => bytes.toString('latin1').split('\n');

/** Empties the third field of each line of shadow(5): the day of the last change of the password. */
const withoutDate = (bytes: Buffer): string =>
  linesOf(bytes)
    .map((line) =>
      line
        .split(':')
        .with(Math.min(2, line.split(':').length - 1), '')
        .join(':'),
    )
    .join('\n');

function sameBut(
  { path }: PathDifference,
  { contentsOf }: Facts,
  form: (bytes: Buffer) => string,
): string | undefined {
  const contents = contentsOf(path);
  return contents && form(contents[0]) === form(contents[1]) ? '' : undefined;
}

function unpacked(bytes: Buffer): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: 64 * 1024 ** 2 }).toString('latin1');
  } catch {
    return bytes.toString('latin1');
  }
}

function changedOwner({ path }: PathDifference, { ownersOf, changeOf }: Facts): string | undefined {
  const changes = ownersOf(path).flatMap((name) => changeOf(name) ?? []);
  return changes.length === 0 ? undefined : [...new Set(changes.map(shown))].join(', ');
}

/** Returns the package that is installed on both sides while only one side has its path. */
function leftOut({ path, one, other }: PathDifference, facts: Facts): string | undefined {
  if (one !== undefined && other !== undefined) return undefined;
  const [owner] = facts.ownersOf(path).filter(facts.onBothSides);
  return owner;
}

const alternative = /^\/?etc\/alternatives\//;

const most = 3;

/** Lists the first inputs that changed, and the number of the others. */
function someInputs(inputs: readonly PackageChange[]): string {
  const first = inputs.slice(0, most).map(shown).join(', ');
  return inputs.length > most ? `${first} and ${inputs.length - most} more` : first;
}

/**
 * Causes of drift; the first that explains a path is reported. Somebody should look at a path that none
 * explains: a file of a package whose version is the same is among them.
 */
export const causes: readonly Cause[] = [
  {
    name: 'timestamp',
    reason: 'Only the time differs: the contents are the same.',
    explains: (difference) => (only(difference, 'time') ? '' : undefined),
  },
  {
    name: 'links',
    reason: 'Only the number of names differs: a hard link on one side is a copy on the other.',
    explains: (difference) => (only(difference, 'nlink', 'time') ? '' : undefined),
  },
  {
    name: 'machine-id',
    reason: 'A random id of one machine (machine-id(5)); an image should have none.',
    explains: at(/^(?:etc\/machine-id|var\/lib\/dbus\/machine-id)$/),
  },
  {
    name: 'shadow-date',
    reason: 'The day on which a password was last changed (shadow(5)): the day of the build.',
    explains: (difference, facts) =>
      /^etc\/g?shadow-?$/.test(difference.path)
        ? sameBut(difference, facts, withoutDate)
        : undefined,
  },
  {
    name: 'python-bytecode',
    reason: 'Compiled Python holds the time of its source unless it is compiled by hash (PEP 552).',
    explains: at(/(?:^|\/)__pycache__(?:\/|$)|\.py[co]$/),
  },
  {
    name: 'log',
    reason: 'A log of the build, with its times.',
    explains: at(/^var\/log\//),
  },
  {
    name: 'cache',
    reason: 'A cache that is made anew when it is missing.',
    explains: at(
      /^(?:var\/cache\/|etc\/ld\.so\.cache$|.*\/(?:fontconfig|mime\.cache|icon-theme\.cache)(?:\/|$))/,
    ),
  },
  {
    name: 'package-lists',
    reason: "Indexes of the package manager, of another day: apt's lists, apk's cache.",
    explains: at(
      /^var\/lib\/apt\/(?:lists\/|extended_states$)|^(?:usr\/)?lib\/apk\/db\/(?!installed$)/,
    ),
  },
  {
    name: 'random',
    reason: 'Made from random numbers; an image that is shared must not have it.',
    explains: at(
      /^(?:etc\/ssh\/ssh_host_.*|var\/lib\/(?:systemd\/random-seed|urandom\/random-seed))$/,
    ),
  },
  {
    name: 'host',
    reason: 'Copied from the machine that the image was made on.',
    explains: at(/^etc\/(?:hostname|hosts|resolv\.conf)$/),
  },
  {
    name: 'devices',
    reason: 'Container engines make /dev themselves and hide what an image has there.',
    explains: at(/^dev\//),
  },
  {
    name: 'backup',
    reason: 'What a file of accounts was before its last change.',
    explains: at(/^etc\/(?:passwd|group|g?shadow|sub[ug]id)-$/),
  },
  {
    name: 'package',
    reason: 'It belongs to a package that is of another version, or on one side only.',
    explains: changedOwner,
  },
  {
    name: 'left-out',
    reason:
      'A file of a package that both sides have in the same version: one leaves it out (slim).',
    explains: leftOut,
  },
  {
    name: 'alternatives',
    reason: 'A choice of update-alternatives, whose file is another or is left out.',
    explains: ({ path, one, other }) =>
      [path, one?.target ?? '', other?.target ?? ''].some((each) => alternative.test(each))
        ? ''
        : undefined,
  },
  {
    name: 'package-records',
    reason: "The package manager's own record of packages that changed.",
    explains: at(
      /^(?:var\/lib\/dpkg\/|(?:usr\/)?lib\/apk\/db\/|(?:usr\/lib\/sysimage|var\/lib)\/rpm\/)/,
    ),
  },
  {
    name: 'order',
    reason: 'The same lines in another order: something read a folder or a hash table as it came.',
    explains: (difference, facts) =>
      sameBut(difference, facts, (bytes) => linesOf(bytes).sort().join('\n')),
  },
  {
    name: 'compression',
    reason:
      'The same contents compressed otherwise: a time in the header (RFC 1952), or another tool.',
    explains: (difference, facts) =>
      difference.path.endsWith('.gz') ? sameBut(difference, facts, unpacked) : undefined,
  },
  {
    name: 'permissions',
    reason: 'Only mode or owner differ: a umask, or whoever unpacked it.',
    explains: (difference) => (only(difference, 'mode', 'uid', 'gid', 'time') ? '' : undefined),
  },
  {
    name: 'inputs',
    reason: 'It was built from inputs that changed: the builder, or the source archive.',
    explains: ({ path }, { ownersOf, inputs }) =>
      inputs.length > 0 && ownersOf(path).length === 0 ? someInputs(inputs) : undefined,
  },
  {
    name: 'recipe',
    reason: 'The recipes differ, and no package owns the path.',
    explains: ({ path }, { ownersOf, recipeChanged }) =>
      recipeChanged && ownersOf(path).length === 0 ? '' : undefined,
  },
];

export const unexplained: Omit<Cause, 'explains'> = {
  name: 'unexplained',
  reason: 'Nothing known explains it: look at these.',
};
