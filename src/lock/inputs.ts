import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { kindOf } from '../kinds/kinds.ts';
import type { LockedInput, SignedIndex } from '../packages/contract.ts';
import { type From, sourceOf } from '../recipe/kind.ts';
import { nameOf } from '../store/show-url.ts';
import type { Lock, LockedFile } from './schema.ts';

/** The inputs that one part of a lock pins. */
export interface InputSet {
  readonly of: 'image' | 'builder';
  /** `image`, or the builder's name. */
  readonly name: string;
  readonly inputs: readonly LockedInput[];
  readonly indexes: readonly SignedIndex[];
}

/** Returns the encoded last part of a URL's path, which has no slash; the host where there is none. */
const fileName = (url: string): string => {
  const { pathname, host } = new URL(url);
  return posix.basename(pathname) || host;
};

function fileInput({ url, sha256 }: LockedFile): LockedInput {
  const name = nameOf(url);
  const comparedAs = { name: url, version: `sha256:${sha256.slice(0, 12)}` };
  return {
    ...{ role: 'file', name, uri: url, url, file: fileName(url), sha256, comparedAs },
    trust: { by: 'recipe' },
  };
}

const partOf = (from: From): Pick<InputSet, 'inputs' | 'indexes'> => {
  const kind = kindOf(from);
  const locked = sourceOf(from);
  return { inputs: kind.inputs(locked), indexes: kind.indexes(locked) };
};

/** Returns what a lock pins for the image itself. */
export function imageSet({ from, files = [] }: Pick<Lock, 'from' | 'files'>): InputSet {
  const { inputs, indexes } = partOf(from);
  return { of: 'image', name: 'image', inputs: [...inputs, ...files.map(fileInput)], indexes };
}

/** Returns what a lock pins for the builder; undefined for a recipe without one. */
export const builderSet = ({ toolchain }: Pick<Lock, 'toolchain'>): InputSet | undefined =>
  toolchain && { of: 'builder', name: toolchain.name, ...partOf(toolchain.from) };

/** Returns the sets of which an image is made, its own first. */
export function buildSets(lock: Lock): InputSet[] {
  const builder = builderSet(lock);
  return [imageSet(lock), ...(builder ? [builder] : [])];
}

/** Returns all sets of a lock: those of which the image is made, and that of what compresses its layers. */
export function inputSets(lock: Lock): InputSet[] {
  const { compressor } = lock;
  const compressing = builderSet({ toolchain: compressor });
  return [...buildSets(lock), ...(compressing ? [compressing] : [])];
}

/** A file by its hash, and by the name that people know it by. */
export interface NamedBlob {
  readonly sha256: string;
  readonly name: string;
}

/** Returns the files of sets, each hash once. */
export function blobsOf(sets: readonly Pick<InputSet, 'inputs' | 'indexes'>[]): NamedBlob[] {
  const all = sets.flatMap(({ inputs, indexes }) =>
    [...inputs, ...indexes].map(({ sha256, file }) => ({ sha256, name: file })),
  );
  return [...new Map(all.map((blob) => [blob.sha256, blob])).values()];
}

/**
 * Returns a digest of the image's own locked inputs, 64 hexadecimal digits: the sha256 of what
 * `sha256sum` would print of them, sorted. Mirrors, indexes and their dates are not in it, nor are the
 * builder and packages that only run a package manager: from wherever the same bytes come, and whoever makes them into the same layer, it is the same.
 */
export function inputsDigest(lock: Pick<Lock, 'from' | 'files'>): string {
  const { inputs } = imageSet(lock);
  const own = inputs.filter(({ role }) => role !== 'package-tool');
  const lines = blobsOf([{ inputs: own, indexes: [] }]).map(
    ({ sha256, name }) => `${sha256}  ${name}\n`,
  );
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}
