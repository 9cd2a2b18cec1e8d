import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { kindOf } from '../kinds/kinds.ts';
import type { LockedInput, SignedIndex } from '../packages/contract.ts';
import { type From, sourceOf } from '../recipe/kind.ts';
import type { Lock, LockedFile } from './schema.ts';

/** The inputs that one part of a lock pins. */
export interface InputSet {
  /** `image`, or the builder's name. */
  readonly name: string;
  readonly inputs: readonly LockedInput[];
  readonly indexes: readonly SignedIndex[];
}

function fileInput({ url, sha256 }: LockedFile): LockedInput {
  const name = posix.basename(new URL(url).pathname);
  const comparedAs = { name: url, version: `sha256:${sha256.slice(0, 12)}` };
  return {
    ...{ role: 'file', name, uri: url, url, file: name, sha256, comparedAs },
    trust: { by: 'recipe' },
  };
}

const partOf = (from: From): Omit<InputSet, 'name'> => {
  const kind = kindOf(from);
  const locked = sourceOf(from);
  return { inputs: kind.inputs(locked), indexes: kind.indexes(locked) };
};

/** Returns what a lock pins for the image itself. */
export function imageSet({ from, files = [] }: Pick<Lock, 'from' | 'files'>): InputSet {
  const { inputs, indexes } = partOf(from);
  return { name: 'image', inputs: [...inputs, ...files.map(fileInput)], indexes };
}

/** Returns what a lock pins for the builder; undefined for a recipe without one. */
export const builderSet = ({ toolchain }: Pick<Lock, 'toolchain'>): InputSet | undefined =>
  toolchain && { name: toolchain.name, ...partOf(toolchain.from) };

/** Returns the sets of a lock, the image's first. */
export function inputSets(lock: Lock): InputSet[] {
  const builder = builderSet(lock);
  return [imageSet(lock), ...(builder ? [builder] : [])];
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
 * `sha256sum` would print of them, sorted. Mirrors, indexes and their dates are not in it, nor is the
 * builder: from wherever the same bytes come, and whoever makes them into the same layer, it is the same.
 */
export function inputsDigest(lock: Pick<Lock, 'from' | 'files'>): string {
  const { inputs } = imageSet(lock);
  const lines = blobsOf([{ inputs, indexes: [] }]).map(
    ({ sha256, name }) => `${sha256}  ${name}\n`,
  );
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}
