import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { type JsonRecord, record } from '../base/json.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import { signedFiles, type TrustDocument } from '../evidence/provenance/trust-chain.ts';
import { doubtsIn, type LockProof, proveLock } from '../lock/prove.ts';
import type { Lock } from '../lock/schema.ts';
import { passingBytesOf } from '../oci/archive-files.ts';
import { isProven, LockContradicted, type Refusal } from '../packages/proof.ts';
import type { RunSources } from '../packages/sources.ts';
import type { VerificationKey } from '../sign/keys/verification-key.ts';
import type { Store } from '../store/store.ts';
import { offlineError } from '../store/transfer/failure.ts';
import { askedIn } from './asked.ts';
import { allowedIn, endedKeys, keyWarnings } from './ended-keys.ts';
import { hashFile } from './image/archive-files.ts';
import { followLockKey } from './lock-key.ts';
import { layKeys } from './recipe-keys.ts';
import { type Check, counted, type Mismatch } from './report.ts';
import { claimedChain } from './trust.ts';

/** The bytes that signatures lead to, besides those in trust/. */
export interface TrustSources {
  /** The user's own store, which a bundle of inputs may have been taken into. */
  readonly store: Store;
  /** An empty folder of this run's own. */
  readonly folder: string;
  /** The time of this run, which says nothing of what is pinned. */
  readonly now: Date;
  /** The key that is believed to vouch for the lock, if one is given. */
  readonly lockKey?: VerificationKey;
}

/** The evidence whose trust is followed. */
export interface Followed {
  /** The folder of evidence. */
  readonly folder: string;
  readonly lock: Lock;
  readonly provenance: JsonRecord | undefined;
}

const trustFolder = evidenceNames.trust;
const signatures = `the signatures in ${trustFolder}/`;
const inputs = 'the locked inputs against what is signed';

/** Returns a store that opens nothing else, not even a file of this machine that a lock names. */
const storedOnly = (store: Store): Store => ({
  ...store,
  fetch: async (downloads, _, io) => {
    const missing = [];
    for (const each of downloads) if (!(await store.verify(each.sha256, io))) missing.push(each);
    if (missing.length > 0) throw offlineError(missing);
    return store.fetch(downloads, { offline: true }, io);
  },
});

/** Takes the signed files of trust/ into the store; one that is not what the lock names stays out. */
async function takeSigned({ folder, lock }: Followed, store: Store, io: Io): Promise<void> {
  const { signal } = io;
  for (const [name, { sha256 }] of signedFiles(lock)) {
    if (await store.verify(sha256, io)) continue;
    const file = join(folder, trustFolder, name);
    if ((await hashFile(file, signal)) !== sha256) continue;
    const { size } = await stat(file);
    await store.write(passingBytesOf({ file, offset: 0, size }, signal), sha256);
  }
}

function mismatchOf({ sha256, error }: Refusal, lock: Lock, proof: LockProof): Mismatch {
  const [name, index] = [...signedFiles(lock)].find(([, each]) => each.sha256 === sha256) ?? [];
  const isSigned = proof.signed.some((each) => each.sha256 === sha256);
  const computed = error.message.replaceAll(/\s*\n\s*/g, ' ');
  const isOfLock = isSigned || error instanceof LockContradicted;
  if (name === undefined || index === undefined || isOfLock) {
    const from = name === undefined ? {} : { from: `${trustFolder}/${name}` };
    return {
      file: evidenceNames.lock,
      field: 'from',
      claimed: 'what is signed',
      computed,
      ...from,
    };
  }
  const claimed = `signed by ${index.signedBy.join(', ')}`;
  return { file: `${trustFolder}/${name}`, field: '', claimed, computed };
}

/** Compares the keys that trust.json names with those whose signatures were seen to hold. */
function otherKeys({ links }: TrustDocument, { signed }: LockProof): Mismatch[] {
  const claimed = new Map(links.map((link) => [link.sha256, link]));
  return signed.flatMap(({ sha256, signedBy }) => {
    const link = claimed.get(sha256);
    // A newer mkbase may know more of the keys that signed.
    if (link?.signedBy.every((key) => signedBy.includes(key)) ?? true) return [];
    const [stated, seen] = [link?.signedBy.join(', ') ?? '', signedBy.join(', ')];
    const field = `the keys of ${link?.file}`;
    return [{ file: `${trustFolder}/trust.json`, field, claimed: stated, computed: seen }];
  });
}

function signatureChecks(lock: Lock, chain: TrustDocument, proof: LockProof): Check[] {
  const seen = new Map(proof.signed.map((each) => [each.sha256, each]));
  const refused = new Set(proof.refusals.map(({ sha256 }) => sha256));
  const open = [...signedFiles(lock)].filter(
    ([, { sha256 }]) => !seen.has(sha256) && !refused.has(sha256),
  );
  const foreign = proof.signed.filter((each) => each.foreign).flatMap(({ signedBy }) => signedBy);
  const own =
    foreign.length > 0 ? `, by keys of the recipe's own: ${[...new Set(foreign)].join(', ')}` : '';
  const mismatches = [
    ...proof.refusals.map((each) => mismatchOf(each, lock, proof)),
    ...otherKeys(chain, proof),
  ];
  const extent = `${counted(seen.size, 'signed file')}${own}`;
  const missing = open.map(([name]) => name).join(', ');
  return [
    { what: signatures, extent, mismatches },
    ...(open.length > 0
      ? [{ what: `${signatures}: ${missing}`, mismatches: [], skipped: 'the bytes are not there' }]
      : []),
  ];
}

function inputChecks(lock: Lock, proof: LockProof): Check[] {
  const proven = new Set(proof.inputs.filter(isProven).map(({ sha256 }) => sha256)).size;
  const doubts = doubtsIn(lock, proof);
  const [first] = doubts;
  const check = { what: inputs, extent: counted(proven, 'input'), mismatches: [] };
  if (first === undefined || proof.refusals.length > 0) return [check];
  const skipped = `${first.reason}; --inputs names a bundle that has it`;
  const rest = { what: `${inputs}: ${counted(doubts.length, 'input')}`, mismatches: [], skipped };
  return proven > 0 ? [check, rest] : [rest];
}

/** A build always says what it was asked for. */
const unasked = ({ from }: Lock): Mismatch => ({
  file: evidenceNames.provenance,
  field: 'predicate.buildDefinition.externalParameters.recipe.from',
  claimed: 'another recipe',
  computed: `one of ${from.kind}, as the lock has it`,
  from: evidenceNames.lock,
});

/** A build always leaves copies of the keys that its recipe brings. */
const withoutKey = (path: string): Mismatch => ({
  file: `${trustFolder}/trust.json`,
  field: 'keys',
  claimed: `no copy of ${path}`,
  computed: 'a copy of each key that the recipe names, with the digest that the provenance lists',
  from: evidenceNames.provenance,
});

async function prove(
  followed: Followed,
  chain: TrustDocument,
  { store, folder, now }: TrustSources,
  io: Io,
): Promise<LockProof | Mismatch> {
  const { lock, provenance } = followed;
  const folders = { image: join(folder, 'image'), builder: join(folder, 'builder') };
  const asked = askedIn(lock, provenance, folders);
  if (asked === undefined) return unasked(lock);
  const missing = await layKeys(followed, chain, asked, folders, io.signal);
  if (missing !== undefined) return withoutKey(missing);
  await takeSigned(followed, store, io);
  const sources: RunSources = {
    ...{ store: storedOnly(store), offline: true, mirror: undefined, env: {}, now },
    // A build that was let take an unsigned archive says so; that is compared with the chain.
    allow: ['unsigned-archive', ...allowedIn(record(provenance))],
  };
  return proveLock(lock, asked, { image: sources, builder: sources }, io);
}

/**
 * Follows the signatures in trust/ again: from the keys that ship with mkbase and those that the recipe
 * brings, to what the signed files say of themselves, to the indexes that they name, to each locked input.
 * A part of an index cannot be held against the signed hash of the whole, so inputs are followed as far as
 * the whole indexes, and of apk the packages, are in the store. What cannot be followed is skipped with
 * the reason.
 */
export async function followTrust(
  followed: Followed,
  sources: TrustSources | undefined,
  signal: AbortSignal,
): Promise<Check[]> {
  const { folder, lock, provenance } = followed;
  if (provenance === undefined) {
    const skipped = 'there is no provenance that says what the recipe asked for';
    return [{ what: signatures, mismatches: [], skipped }];
  }
  if (sources === undefined) {
    return [{ what: signatures, mismatches: [], skipped: 'there is no store to follow them in' }];
  }
  const chain = await claimedChain(join(folder, trustFolder));
  try {
    const noted = keyWarnings(signal);
    const proof = await prove(followed, chain, sources, noted.io);
    if ('claimed' in proof) return [{ what: signatures, mismatches: [proof] }];
    const { lockKey } = sources;
    const vouched = await followLockKey({ folder, lock, proof }, chain, lockKey);
    return [
      ...signatureChecks(lock, chain, proof),
      ...endedKeys(signatures, noted),
      ...vouched.checks,
      ...inputChecks(lock, vouched.proof),
    ];
  } catch (error) {
    const isAbout = error instanceof MkbaseError && error.code === 'SOURCE_UNTRUSTED';
    if (!isAbout) throw error;
    const computed = error.message.replaceAll(/\s*\n\s*/g, ' ');
    const mismatch = { file: trustFolder, field: '', claimed: 'keys and signed files', computed };
    return [{ what: signatures, mismatches: [mismatch] }];
  }
}
