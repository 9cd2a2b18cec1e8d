import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord, list, record } from '../../../src/base/json.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { entriesOf } from '../tar.ts';

/** The image archive of an output folder. */
export const archiveName = 'image.oci.tar';

/** All that a build left in its output folder, in memory. */
export interface Output {
  /** Evidence by name, for instance `trust/trust.json`. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Members of the image archive. */
  readonly archive: readonly Entry[];
}

/** Reads an output folder that holds evidence and one `image.oci.tar`. */
export async function readOutput(folder: string): Promise<Output> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile() && name !== archiveName)
    .sort();
  return {
    files: new Map(names.map((name) => [name, readFileSync(join(folder, name))])),
    archive: await entriesOf(readFileSync(join(folder, archiveName))),
  };
}

/** Returns the bytes of a member; empty for anything but a file in memory. */
export const bytesOf = (entry: Entry | undefined): Buffer =>
  entry?.type === 'file' && 'bytes' in entry.content
    ? Buffer.from(entry.content.bytes)
    : Buffer.of();

/** Returns a member with other bytes. */
export const withBytes = (entry: Entry, bytes: Uint8Array): Entry =>
  entry.type === 'file' ? { ...entry, size: bytes.length, content: { bytes } } : entry;

/** Returns members of which that at a path has other bytes. */
export const replaced = (members: readonly Entry[], path: string, bytes: Uint8Array): Entry[] =>
  members.map((each) => (each.path === path ? withBytes(each, bytes) : each));

/** Returns a parsed text; undefined when it is no JSON. */
export function parsedJson(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}

/** Paths of the parts of an archive of one image. */
export interface ArchiveParts {
  readonly manifest: string;
  readonly config: string;
  readonly layer: string;
}

const pathOf = (descriptor: unknown): string =>
  `blobs/${String(record(descriptor).digest).replace(':', '/')}`;

/** Finds the parts that the index names. */
export function partsOf(members: readonly Entry[]): ArchiveParts {
  const jsonAt = (path: string) =>
    record(parsedJson(bytesOf(members.find((each) => each.path === path))));
  const manifest = pathOf(list(jsonAt('index.json').manifests)[0]);
  const { config, layers } = jsonAt(manifest);
  return { manifest, config: pathOf(config), layer: pathOf(list(layers)[0]) };
}

/** Returns whether a member holds a JSON object or list. */
export const isJson = (entry: Entry): boolean => {
  const bytes = bytesOf(entry);
  const value = /^\s*[[{]/.test(bytes.toString('latin1', 0, 20)) ? parsedJson(bytes) : undefined;
  return isRecord(value) || Array.isArray(value);
};
