import { isSha256 } from '../base/hash.ts';
import { platformNames } from '../base/platform.ts';

/** Undefined for a value that may stand there; else the path to the part that may not, below it. */
type Check = (value: unknown) => readonly string[] | undefined;

const satisfying =
  (holds: (value: unknown) => boolean): Check =>
  (value) =>
    holds(value) ? undefined : [];

const matching = (pattern: RegExp): Check =>
  satisfying((value) => typeof value === 'string' && pattern.test(value));

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

function firstOf(parts: readonly (readonly [name: string, found: ReturnType<Check>])[]) {
  const [name, found] = parts.find(([, each]) => each !== undefined) ?? [];
  return name === undefined || found === undefined ? undefined : [name, ...found];
}

const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const members = value as Readonly<Record<string, unknown>>;
    return firstOf(Object.entries(fields).map(([name, check]) => [name, check(members[name])]));
  };

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) ? firstOf(value.map((each, at) => [String(at), check(each)])) : [];

const text = matching(/^\P{Cc}{1,1000}$/u);
const sha256 = satisfying((value) => typeof value === 'string' && isSha256(value));
const seconds = satisfying((value) => Number.isSafeInteger(value) && (value as number) >= 0);
const bytes = seconds;
/** A file's name, which can neither be taken for an option nor lead anywhere. */
const fileName = matching(/^[A-Za-z0-9][A-Za-z0-9._+~-]*$/);

/** A lock never holds credentials. */
const url = satisfying((value) => {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return ['http:', 'https:', 'file:'].includes(protocol) && username + password === '';
});

const belowMirror = satisfying(
  (value) =>
    text(value) === undefined &&
    (value as string).split('/').every((part) => !['', '.', '..'].includes(part)),
);

/** Debian Policy 5.6.1. Names and architectures become parts of file names. */
const packageName = matching(/^[a-z0-9][a-z0-9+.-]+$/);

const index = record({
  suite: text,
  components: listOf(text),
  mirror: url,
  date: seconds,
  inRelease: sha256,
  signedBy: listOf(matching(/^[0-9A-F]+$/)),
});

const debs = record({
  indexes: listOf(index),
  packages: listOf(
    record({
      name: packageName,
      version: text,
      architecture: matching(/^[a-z0-9-]+$/),
      source: text,
      sourceVersion: text,
      suite: text,
      filename: belowMirror,
      size: bytes,
      sha256,
    }),
  ),
});

const archive = record({
  url,
  name: fileName,
  size: optional(bytes),
  sha256,
  version: optional(text),
  trust: record({ by: text, index: optional(index) }),
});

const rootfs = record({
  url,
  name: text,
  size: bytes,
  sha256,
  release: optional(record({ path: belowMirror, date: seconds })),
  trust: record({ by: text }),
});

const debootstrap = record({
  codename: matching(/^[a-z][a-z0-9.-]*$/),
  // Becomes a line of the image's sources.
  mirror: matching(/^https?:\/\/[^\s@]+$/),
  base: listOf(packageName),
  required: listOf(packageName),
  important: listOf(packageName),
  wanted: listOf(packageName),
});

/** A word of apk's, which can be taken neither for an option nor for a path. */
const apkWord = matching(/^[A-Za-z0-9][A-Za-z0-9@.+_~=:-]*$/);

const apk = record({
  // Both become parts of file names.
  name: fileName,
  version: fileName,
  arch: apkWord,
  repository: belowMirror,
  filename: belowMirror,
  size: bytes,
  sha256,
});

const apks = record({
  arch: apkWord,
  indexes: listOf(
    record({ repository: belowMirror, mirror: url, date: seconds, sha256, signedBy: apkWord }),
  ),
  wanted: listOf(apkWord),
  packages: listOf(apk),
  tools: optional(listOf(apk)),
  date: seconds,
});

const lock = record({
  lockVersion: satisfying((value) => value === 1),
  recipe: text,
  platform: satisfying((value) => platformNames.some((name) => name === value)),
  epoch: seconds,
  request: sha256,
  asked: record({}),
  debs: optional(debs),
  archive: optional(archive),
  rootfs: optional(rootfs),
  debootstrap: optional(debootstrap),
  apks: optional(apks),
  files: optional(listOf(record({ url, sha256 }))),
  toolchain: optional(record({ name: text, epoch: seconds, debs })),
});

/**
 * The path to the first field of a lock that holds what no lock does, for instance
 * `debs.packages.3.filename`; undefined for a sound one. A lock may come with a clone: whatever of it
 * becomes a path, a URL or a number is held to its form before anything is done with it.
 */
export function unsoundField(value: unknown): string | undefined {
  const found = lock(value);
  return found && (found.join('.') || 'the whole');
}
