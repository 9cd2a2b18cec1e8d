import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ioError, MkbaseError } from '../../base/errors.ts';
import { packageRoot } from '../../base/package-root.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';
import { type JudgedTimes, type Judgement, judgeKey } from '../keyrings/judge-key.ts';
import { type FindKey, findShippedKey, lifeOf } from '../keyrings/shipped.ts';

/** The trusted keys by file name: signatures name the file, as `/etc/apk/keys` has it. */
export type ApkKeys = ReadonlyMap<string, KeyObject>;

/** The keys that ship with mkbase, one folder for each architecture. */
export const apkKeyFolder = join(packageRoot, 'src/packages/apk/keyring');

const folder = 'etc/apk/keys/';
/** A public key of 16384 bits takes about 3 KB. */
const maxBytes = 64 * 1024;
/** Bits of Alpine's oldest keys; NIST SP 800-131A forbids fewer. */
const leastBits = 2048;

const notAKey = (what: string, problem: string, cause?: unknown) =>
  new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${what} is no key that signs packages of apk: ${problem}.`,
    hint: `apk's keys are RSA of at least ${leastBits} bits in PEM, as abuild-keygen makes them.`,
    cause,
  });

function parseKey(pem: Buffer, what: string): KeyObject {
  let key: KeyObject;
  try {
    // PEM of a private key would be taken as well; a key that is believed is never one of those.
    if (!pem.includes('-----BEGIN PUBLIC KEY-----')) throw new SyntaxError('no public key in PEM');
    key = createPublicKey(pem);
  } catch (error) {
    throw notAKey(what, (error as Error).message, error);
  }
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'rsa' || modulusLength < leastBits) {
    throw notAKey(what, `it is ${key.asymmetricKeyType} of ${modulusLength} bits`);
  }
  return key;
}

/** Reads the keys in a root filesystem's `/etc/apk/keys`. Throws SOURCE_UNTRUSTED when it has none. */
export async function rootfsKeys(entries: readonly Entry[], what: string): Promise<ApkKeys> {
  const keys = new Map<string, KeyObject>();
  for (const entry of entries) {
    if (entry.type !== 'file' || !entry.path.startsWith(folder) || entry.size > maxBytes) continue;
    const name = entry.path.slice(folder.length);
    const pem = await readContent(entry.content);
    keys.set(name, parseKey(pem, `/${entry.path} of ${what}`));
  }
  if (keys.size > 0) return keys;
  throw new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${what} has no key in /${folder}: nothing can vouch for packages.`,
    hint: 'Leave "packages" out, or use an archive that brings the keys of its distribution.',
  });
}

async function readKeyFile(file: string): Promise<readonly [name: string, key: KeyObject]> {
  const pem = await readFile(file).catch((error: unknown) => {
    throw ioError(error, 'reading the key', file);
  });
  return [basename(file), parseKey(pem, file)];
}

/** Reads the keys in files, by the name of the file. */
const readKeys = async (files: readonly string[]): Promise<ApkKeys> =>
  new Map(await Promise.all(files.map(readKeyFile)));

async function ownKeys(arch: string): Promise<ApkKeys> {
  const folder = join(apkKeyFolder, arch);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.rsa.pub')).sort();
  return readKeys(names.map((name) => join(folder, name)));
}

/**
 * Returns the names of keys that do not ship with mkbase. Throws SOURCE_UNTRUSTED for a key that bears the
 * name of one that does, and is another: by the name alone it would pass for Alpine's.
 */
export async function foreignKeys(keys: ApkKeys, arch: string): Promise<Set<string>> {
  const own = await ownKeys(arch);
  const impostor = [...keys].find(([name, key]) => own.get(name)?.equals(key) === false);
  if (impostor === undefined) return new Set([...keys.keys()].filter((name) => !own.has(name)));
  throw notAKey(
    impostor[0],
    "it bears the name of one of Alpine's own, and is another; give its file a name of its own",
  );
}

/**
 * Reads the keys that a recipe brings for a distribution none of whose keys ship with mkbase: only these are
 * believed. Errors: SOURCE_UNTRUSTED, IO.
 */
export async function recipeKeys(arch: string, files: readonly string[]): Promise<ApkKeys> {
  const keys = await readKeys(files);
  await foreignKeys(keys, arch);
  return keys;
}

/** Reads Alpine's own keys for an architecture, and those in the files of `extra`. Errors: SOURCE_UNTRUSTED, IO. */
export async function shippedKeys(arch: string, extra: readonly string[] = []): Promise<ApkKeys> {
  const added = await recipeKeys(arch, extra);
  return new Map([...(await ownKeys(arch)), ...added]);
}

/** The time of judgement; a signature of apk has no date of its own. */
export interface ApkTimes extends Pick<JudgedTimes, 'now' | 'past'> {
  /** For what was pinned before: the date of the index, which the caller compares with the signed one. */
  readonly signedAt?: Date;
  /** Finds what is known of a key; the keys that ship with mkbase when left out. */
  readonly known?: FindKey;
}

/**
 * Judges a key of apk, which has no dates itself, by what mkbase knows of it, wherever it was found: a
 * root filesystem may still have a key that was revoked. A key that mkbase does not know is accepted.
 */
export async function judgeApkKey(
  name: string,
  key: KeyObject,
  { now, past, signedAt = now, known = findShippedKey }: ApkTimes,
): Promise<Judgement> {
  const der = key.export({ type: 'spki', format: 'der' });
  const found = await known(createHash('sha256').update(der).digest('hex'));
  if (found === undefined) return { verdict: 'accepted' };
  const next = found.replacedBy === null ? undefined : await known(found.replacedBy);
  const life = { ...lifeOf(found), name, replacedBy: next?.name };
  return judgeKey(life, { now, signedAt, past });
}
