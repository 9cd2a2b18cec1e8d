import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Io } from '../base/events.ts';
import { sha256OfBytes } from '../base/hash.ts';
import { type Staged, stage } from '../store/staging.ts';
import type { Store } from '../store/store.ts';
import { writeNewFile } from '../store/write-whole-file.ts';
import { evidenceNames } from './file-names.ts';
import { type ProvenanceInput, provenanceStatement } from './provenance/provenance.ts';
import { keyFile, type RecipeKey, trustFiles } from './provenance/trust-chain.ts';
import { type FileSum, sumsText } from './sums.ts';

const sumsOf = (files: ReadonlyMap<string, Buffer>): FileSum[] =>
  [...files].map(([name, bytes]) => ({ name, sha256: sha256OfBytes(bytes) }));

async function* bytesOf(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof content === 'string' ? Buffer.from(content) : content;
}

/** The chain of trust of a build, and the recipe's own keys. */
interface TrustInput extends Pick<ProvenanceInput, 'lock' | 'trust'> {
  readonly keys: readonly RecipeKey[];
  /** Text of the signature over the lock, where one stands in for others. */
  readonly lockBundle?: string | undefined;
}

/** Returns each key file once: recipe and toolchain may name the same. */
const distinctKeys = (keys: readonly RecipeKey[]): RecipeKey[] => [
  ...new Map(keys.map((key) => [keyFile(key.path, key.sha256), key])).values(),
];

/**
 * Stages the folder with the chain of trust: trust.json, and the signed files that prove it. `all` are the
 * files that belong there, `there` those whose bytes this cache has: a lock that was made with another
 * cache names indexes that this one may never have had.
 */
async function stageTrust(
  { lock, trust: chain, keys, lockBundle }: TrustInput,
  outDir: string,
  store: Store,
  io: Io,
) {
  const text = canonicalJson(chain);
  const inFolder = ({ name, sha256 }: FileSum) => ({
    name: `${evidenceNames.trust}/${name}`,
    sha256,
  });
  const own = { name: 'trust.json', sha256: sha256OfBytes(text) };
  const there: FileSum[] = [];
  const staged = await stage(join(outDir, evidenceNames.trust), 'folder', async (path) => {
    await mkdir(path);
    const add = async (sum: FileSum, bytes: AsyncIterable<Uint8Array>) => {
      await writeNewFile(join(path, sum.name), bytes, io.signal);
      there.push(inFolder(sum));
    };
    await add(own, bytesOf(text));
    for (const { path: named, sha256, bytes } of distinctKeys(keys)) {
      await add({ name: keyFile(named, sha256), sha256 }, bytesOf(bytes));
    }
    if (chain.lockKey && lockBundle !== undefined) {
      const { file: name, sha256 } = chain.lockKey;
      await add({ name, sha256 }, bytesOf(lockBundle));
    }
    for (const sum of trustFiles(lock)) {
      if (await store.verify(sum.sha256, io)) await add(sum, store.read(sum.sha256));
    }
  });
  return { staged, there, all: [own, ...trustFiles(lock)].map(inFolder) };
}

/** Evidence that is written and not yet visible. */
export interface StagedEvidence {
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Writes the evidence of an image beside its place in `outDir`; `commit` makes all of it visible. It
 * depends on the inputs alone, on no clock and no random name. Errors: IO, NO_SPACE, SOURCE_CORRUPT.
 */
export async function stageEvidence(
  { files }: { readonly files: ReadonlyMap<string, Buffer> },
  { keys, lockBundle, ...provenance }: Omit<ProvenanceInput, 'evidence'> & TrustInput,
  outDir: string,
  store: Store,
  io: Io,
): Promise<StagedEvidence> {
  const staged: Staged[] = [];
  const discard = async () => {
    for (const each of staged.splice(0)) await each.discard();
  };
  const add = async (name: string, content: string | Buffer) => {
    const fill = (path: string) => writeNewFile(path, bytesOf(content), io.signal);
    staged.push(await stage(join(outDir, name), 'file', fill));
  };
  try {
    const trust = await stageTrust({ ...provenance, keys, lockBundle }, outDir, store, io);
    staged.push(trust.staged);
    const own = sumsOf(files);
    const evidence = [...own, ...trust.all];
    const statement = canonicalJson(provenanceStatement({ ...provenance, evidence }));
    for (const [name, bytes] of files) await add(name, bytes);
    await add(evidenceNames.provenance, statement);
    const sum = { name: evidenceNames.provenance, sha256: sha256OfBytes(statement) };
    await add(evidenceNames.sums, sumsText([...own, ...trust.there, sum]));
  } catch (error) {
    await discard();
    throw error;
  }
  const commit = async () => {
    for (const each of [...staged]) {
      await each.commit();
      staged.shift();
    }
  };
  return { commit, discard };
}
