import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { entriesOf, file, tarOf } from './tar.ts';

/** JSON that a test may change: typed loosely on purpose. */
// biome-ignore lint/suspicious/noExplicitAny: a test changes any part of it.
export type Loose = any;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A text as it stands, and anything else as mkbase writes JSON. */
const bytesOf = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : canonicalJson(value as object));

/** An image's documents and its layer, as an archive of mkbase holds them. */
export interface Documents {
  readonly config: Loose;
  readonly manifest: Loose;
  readonly index: Loose;
  /** `manifest.json`. */
  readonly docker: Loose;
  readonly layer: Buffer;
}

/** Reads the documents of an archive that mkbase wrote. */
export async function documentsOf(archive: string): Promise<Documents> {
  const entries = await entriesOf(readFileSync(archive));
  const bytesAt = (path: string): Buffer => {
    const entry = entries.find((each) => each.path === path);
    if (entry?.type !== 'file' || !('bytes' in entry.content)) throw new Error(path);
    return Buffer.from(entry.content.bytes);
  };
  const json = (path: string): Loose => JSON.parse(bytesAt(path).toString());
  const docker = json('manifest.json');
  const index = json('index.json');
  const blob = (digest: string) => `blobs/${digest.replace(':', '/')}`;
  return {
    config: json(docker[0].Config),
    manifest: json(blob(index.manifests[0].digest)),
    index,
    docker,
    layer: bytesAt(docker[0].Layers[0]),
  };
}

/** Changes of the documents; a text is written as it stands. */
export interface Forgery {
  readonly config?: (config: Loose) => unknown;
  readonly manifest?: (manifest: Loose) => unknown;
  readonly index?: (index: Loose) => unknown;
  readonly docker?: (docker: Loose) => unknown;
  /** Members before and after the others. */
  readonly first?: readonly Entry[];
  readonly last?: readonly Entry[];
  /** Leave these members out. */
  readonly without?: readonly string[];
}

export const blobEntry = (value: unknown): Entry => {
  const bytes = Buffer.isBuffer(value) ? value : bytesOf(value);
  const path = `blobs/sha256/${sha256(bytes)}`;
  return { ...file(path), size: bytes.length, content: { bytes } } as Entry;
};

export const digestOf = (entry: Entry): string =>
  `sha256:${entry.path.replace('blobs/sha256/', '')}`;

const describe = (entry: Entry, mediaType: string) => ({
  mediaType,
  digest: digestOf(entry),
  size: 'size' in entry ? entry.size : 0,
});

/** Returns the members of an archive in which all digests and sizes are right again after the changes. */
export function membersOf(documents: Documents, forgery: Forgery = {}): Entry[] {
  const copy = structuredClone({ ...documents, layer: undefined }) as Loose;
  const layer = blobEntry(documents.layer);
  const config = blobEntry(forgery.config?.(copy.config) ?? copy.config);
  copy.manifest.config = describe(config, copy.manifest.config.mediaType);
  copy.manifest.layers = [describe(layer, copy.manifest.layers[0].mediaType)];
  const manifest = blobEntry(forgery.manifest?.(copy.manifest) ?? copy.manifest);
  for (const each of copy.index.manifests) Object.assign(each, describe(manifest, each.mediaType));
  Object.assign(copy.docker[0], { Config: config.path, Layers: [layer.path] });
  const index = forgery.index?.(copy.index) ?? copy.index;
  const docker = forgery.docker?.(copy.docker) ?? copy.docker;
  const own = [
    ...[layer, config, manifest],
    file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
    file('index.json', bytesOf(index).toString()),
    file('manifest.json', bytesOf(docker).toString()),
  ].filter(({ path }) => !forgery.without?.includes(path));
  return [...(forgery.first ?? []), ...own, ...(forgery.last ?? [])];
}

/** Returns the tar of `membersOf`. */
export const forge = (documents: Documents, forgery: Forgery = {}): Promise<Buffer> =>
  tarOf(membersOf(documents, forgery));
