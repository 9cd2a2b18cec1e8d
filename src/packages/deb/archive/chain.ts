import { MkbaseError } from '../../../base/errors.ts';
import type { Io, Warning } from '../../../base/events.ts';
import type { Platform } from '../../../base/platform.ts';
import { trustedKeys } from '../../openpgp/keys.ts';
import { verifyClearSigned } from '../../openpgp/signature.ts';
import { openIndex, type StanzaIndex } from '../index/packages-index.ts';
import { readable } from '../index/universe.ts';
import type { LockedDebs, LockedIndex, LockedPackage } from '../locked-debs.ts';
import type { DebianContext } from './debian-context.ts';
import { parseRelease } from './release.ts';
import type { SignedRelease } from './signed-release.ts';

/** Tells if a link of the chain cannot be reached, which proves nothing either way. */
const isMissing = (error: unknown): boolean =>
  error instanceof MkbaseError && error.code === 'OFFLINE';

const maxBytes = 16 * 1024 * 1024;

/**
 * Reads the signed Release that a lock names from the store; undefined where it is not there. A key
 * that has expired since it signed is believed with a warning (`judgeKey`). Throws SOURCE_UNTRUSTED.
 */
export async function storedRelease(
  index: LockedIndex,
  context: DebianContext,
  io: Io,
): Promise<SignedRelease | undefined> {
  const { store, keyrings, distribution } = context;
  if (!(await store.verify(index.inRelease, io))) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of store.read(index.inRelease)) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > maxBytes) return undefined;
  }
  const what = `InRelease of ${index.suite} (${index.inRelease.slice(0, 12)})`;
  const keys = await trustedKeys(keyrings, distribution);
  const { now, allow = [] } = context;
  const warn = (warning: Warning) => io.emit({ type: 'warning', stage: 'lock', warning });
  const check = { keys, what, now, past: { allow, warn } };
  const { text, signedBy } = await verifyClearSigned(Buffer.concat(chunks), check);
  const release = parseRelease(text, what);
  return {
    ...release,
    mirror: index.mirror,
    asked: index.suite,
    inRelease: index.inRelease,
    signedBy,
  };
}

function disagrees(field: string, claimed: unknown, found: unknown): MkbaseError {
  return new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `The lock says ${field} is ${String(claimed)}; the signed index says ${String(found)}.`,
    hint: 'Do not build from it: take the lock back from version control, or pin anew with `mkbase update`.',
  });
}

function checkIndex(index: LockedIndex, release: SignedRelease): void {
  if (release.date !== index.date) {
    throw disagrees(`the date of ${index.suite}`, index.date, release.date);
  }
  // A newer mkbase may know more of the keys that signed it; each that the lock names must have.
  const named = index.signedBy.filter((key) => release.signedBy.includes(key));
  if (named.length > 0 && named.length === index.signedBy.length) return;
  const [claimed, found] = [index.signedBy.join(', '), release.signedBy.join(', ')];
  throw disagrees(`who signed ${index.suite}`, claimed, found);
}

async function checkPackage(locked: LockedPackage, indexes: readonly StanzaIndex[]): Promise<void> {
  const { name, version, architecture, sha256, suite } = locked;
  const what = `the sha256 of ${name} ${version} (${architecture}) in ${suite}`;
  for (const index of indexes) {
    for (const stanza of await readable(suite, () => index.find(name))) {
      if (stanza.get('version') !== version || stanza.get('architecture') !== architecture)
        continue;
      if (stanza.get('sha256') === sha256) return;
      throw disagrees(what, sha256, stanza.get('sha256'));
    }
  }
  throw disagrees(what, sha256, 'nothing: it lists no such package');
}

/**
 * Follows the chain of trust for locked packages out of the store alone: a key signed the Release
 * file, which names the hash of the index, which names the hash of each package. Resolves to true if
 * all of it was there to be seen. Throws SOURCE_UNTRUSTED, naming the field, where the lock says
 * otherwise than the signed bytes.
 */
export async function followChain(
  { indexes, packages }: LockedDebs,
  platform: Platform,
  context: DebianContext,
  io: Io,
): Promise<boolean> {
  const offline = { ...context, offline: true };
  for (const index of indexes) {
    const release = await storedRelease(index, offline, io);
    if (release === undefined) return false;
    checkIndex(index, release);
    const open: StanzaIndex[] = [];
    try {
      for (const component of index.components) {
        const path = `${component}/binary-${platform.debian}/Packages`;
        open.push(await openIndex(release, path, offline, io));
      }
      for (const each of packages) {
        if (each.suite === index.suite) await checkPackage(each, open);
      }
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    } finally {
      await Promise.all(open.map((each) => each.close()));
    }
  }
  return packages.every(({ suite }) => indexes.some((index) => index.suite === suite));
}
