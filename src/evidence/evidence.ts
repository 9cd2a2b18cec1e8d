import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Io } from '../base/events.ts';
import { packageVersion } from '../base/package-root.ts';
import type { Image } from '../image/image.ts';
import { lockText } from '../lock/lock-file.ts';
import type { Lock } from '../lock/locked.ts';
import type { Staged } from '../store/staging.ts';
import { stage } from '../store/staging.ts';
import type { Store } from '../store/store.ts';
import { writeNewFile } from '../store/write-whole-file.ts';
import type { Entry } from '../tar/entry.ts';
import { readTar } from '../tar/read.ts';
import { type Inventory, type InventoryInput, takeInventory } from './inventory/inventory.ts';
import { mtreeOf } from './mtree/mtree.ts';
import { readPaths } from './mtree/read-paths.ts';
import { type ProvenanceInput, provenanceStatement } from './provenance/provenance.ts';
import { trustChain, trustFiles } from './provenance/trust-chain.ts';
import { cyclonedxDocument } from './sbom/cyclonedx.ts';
import { spdxDocument } from './sbom/spdx.ts';
import type { Subject } from './sbom/subject.ts';
import { type FileSum, sumsText } from './sums.ts';

/** Names of the files of evidence in an output folder. */
export const evidenceNames = {
  lock: 'lock.json',
  mtree: 'rootfs.mtree',
  spdx: 'sbom.spdx.json',
  cyclonedx: 'sbom.cdx.json',
  provenance: 'provenance.json',
  trust: 'trust',
  sums: 'SHA256SUMS',
} as const;

/** What can be said of an image before its tests have run. */
export interface Findings {
  readonly inventory: Inventory;
  /** Of the rootfs, with their contents as they are in its tar. */
  readonly entries: readonly Entry[];
  /** Name → contents, in the order in which they are listed. */
  readonly files: ReadonlyMap<string, string>;
}

/** What evidence is made from: an image, and all that it was made from. */
export interface EvidenceInput extends Omit<InventoryInput, 'entries'> {
  readonly image: Image;
}

function subjectOf({ image, recipe }: EvidenceInput): Subject {
  return {
    name: recipe.name,
    platform: image.platform,
    manifest: image.manifest.digest,
    diffId: image.rootfs.diffId,
    created: image.created,
    generator: packageVersion,
  };
}

/** What a rootfs's tar holds: a file beside the recipe that its bytes came from may have changed since. */
async function entriesIn(tar: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const stream = createReadStream(tar, { highWaterMark: 256 * 1024 });
  for await (const { entry, contentOffset: offset } of readTar(stream, { source: tar })) {
    const { type } = entry;
    if (type !== 'file') entries.push(entry);
    else entries.push({ ...entry, content: { file: tar, offset, size: entry.size } });
  }
  return entries;
}

/**
 * Finds out what is in an image: every path with its hash, and every component. Reads the rootfs's
 * tar again, as whoever checks it will. Errors: those of takeInventory and readPaths.
 */
export async function gatherEvidence(input: EvidenceInput, io: Io): Promise<Findings> {
  const { image, lock } = input;
  const { tar } = image.rootfs;
  const entries = await entriesIn(tar);
  const inventory = await takeInventory({ ...input, entries }, io);
  const paths = await readPaths(createReadStream(tar, { highWaterMark: 256 * 1024 }), tar);
  const subject = subjectOf(input);
  const files = new Map([
    [evidenceNames.lock, lockText(lock)],
    [evidenceNames.mtree, [...mtreeOf(paths)].join('')],
    [evidenceNames.spdx, spdxDocument(inventory, subject)],
    [evidenceNames.cyclonedx, cyclonedxDocument(inventory, subject)],
  ]);
  return { inventory, entries, files };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const sumsOf = (files: ReadonlyMap<string, string>): FileSum[] =>
  [...files].map(([name, text]) => ({ name, sha256: sha256(text) }));

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/**
 * The chain of trust as a folder: what it says, and the signed bytes that bear it out. `all` are the
 * files that belong there, `there` those whose bytes this cache has: a lock that another one made names
 * indexes that this one may never have seen.
 */
async function stageTrust(lock: Lock, outDir: string, store: Store, io: Io) {
  const chain = trustChain(lock);
  const text = canonicalJson(chain);
  const inFolder = ({ name, sha256 }: FileSum) => ({
    name: `${evidenceNames.trust}/${name}`,
    sha256,
  });
  const own = { name: 'trust.json', sha256: sha256(text) };
  const there: FileSum[] = [];
  const staged = await stage(join(outDir, evidenceNames.trust), 'folder', async (path) => {
    await mkdir(path);
    const add = async (sum: FileSum, bytes: AsyncIterable<Uint8Array>) => {
      await writeNewFile(join(path, sum.name), bytes, io.signal);
      there.push(inFolder(sum));
    };
    await add(own, bytesOf(text));
    for (const sum of trustFiles(chain)) {
      if (await store.verify(sum.sha256, io)) await add(sum, store.read(sum.sha256));
    }
  });
  return { staged, there, all: [own, ...trustFiles(chain)].map(inFolder) };
}

/** Evidence that is written and not yet to be seen. */
export interface StagedEvidence {
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Writes the evidence of an image beside its place in `outDir`; `commit` shows all of it. Everything
 * in it follows from the inputs: no clock, no random name. Errors: IO, NO_SPACE, SOURCE_CORRUPT.
 */
export async function stageEvidence(
  { files }: Pick<Findings, 'files'>,
  provenance: Omit<ProvenanceInput, 'evidence'>,
  outDir: string,
  store: Store,
  io: Io,
): Promise<StagedEvidence> {
  const staged: Staged[] = [];
  const discard = async () => {
    for (const each of staged.splice(0)) await each.discard();
  };
  const add = async (name: string, text: string) => {
    const fill = (path: string) => writeNewFile(path, bytesOf(text), io.signal);
    staged.push(await stage(join(outDir, name), 'file', fill));
  };
  try {
    const trust = await stageTrust(provenance.lock, outDir, store, io);
    staged.push(trust.staged);
    const own = sumsOf(files);
    const evidence = [...own, ...trust.all];
    const statement = canonicalJson(provenanceStatement({ ...provenance, evidence }));
    for (const [name, text] of files) await add(name, text);
    await add(evidenceNames.provenance, statement);
    const sum = { name: evidenceNames.provenance, sha256: sha256(statement) };
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
