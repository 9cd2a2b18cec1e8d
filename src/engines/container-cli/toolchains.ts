import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { hashedStream } from '../../base/hash.ts';
import type { Leftover } from '../engine.ts';
import type { ImageStore } from '../image-store.ts';
import type { ToolchainRef } from '../step.ts';
import { type Cli, linesOf } from './cli.ts';
import { inspectAll } from './images.ts';

/** Carried by every builder image; its value is the toolchain's key. */
const toolchainLabel = 'org.mkbase.toolchain';

const tagOf = ({ name, key }: ToolchainRef) => `mkbase-toolchain/${name}:${key.slice(0, 16)}`;

/**
 * Returns the id of the builder's image; undefined when there is none or the tag points at
 * something else.
 */
export async function findToolchain(
  images: ImageStore,
  toolchain: ToolchainRef,
  io: Io,
): Promise<string | undefined> {
  const image = await images.inspect(tagOf(toolchain), io);
  return image?.labels[toolchainLabel] === toolchain.key ? image.id : undefined;
}

/** Imports a builder and tags it once the engine has the same bytes. Resolves to the image's id. */
export async function importToolchain(
  images: ImageStore,
  toolchain: ToolchainRef,
  tar: AsyncIterable<Uint8Array>,
  io: Io,
): Promise<string> {
  const { bytes, sha256 } = hashedStream(tar);
  const changes = [`LABEL ${toolchainLabel}=${toolchain.key}`];
  const message = `mkbase toolchain ${toolchain.name}`;
  const { platform } = toolchain;
  const id = await images.importTar(bytes, { changes, message, platform }, io);
  try {
    await checkLayer(images, id, `sha256:${sha256()}`, io);
    await images.tag(id, tagOf(toolchain), io);
    return id;
  } catch (error) {
    const signal = new AbortController().signal;
    await images.removeUntagged(id, { ...io, signal }).catch(() => undefined);
    throw error;
  }
}

async function checkLayer(images: ImageStore, id: string, expected: string, io: Io): Promise<void> {
  const found = (await images.inspect(id, io))?.diffIds ?? [];
  if (found.length === 1 && found[0] === expected) return;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `The engine stored another builder than it was given.\nlayer expected: ${expected}\nlayer found:    ${found.join(', ') || 'none'}`,
    hint: 'See whether the engine was restarted or is out of space, then run the same command again.',
  });
}

/** Removes every builder image whose key is not in `keep`; one that a container uses stays. */
export async function removeToolchains(
  cli: Cli,
  keep: ReadonlySet<string>,
  io: Io,
): Promise<Leftover[]> {
  const filter = ['--filter', `label=${toolchainLabel}`];
  const listed = await cli.expect('listing images', ['images', '-q', '--no-trunc', ...filter], io);
  const removed: Leftover[] = [];
  for (const image of await inspectAll(cli, linesOf(listed), io)) {
    if (keep.has(image.labels[toolchainLabel] ?? '')) continue;
    const { ok } = await cli.run(['image', 'rm', '--force', image.id], io);
    if (ok) removed.push({ kind: 'image', id: image.tags[0] ?? image.id });
  }
  return removed;
}
