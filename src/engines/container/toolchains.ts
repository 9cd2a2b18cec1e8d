import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { hashedStream } from '../../base/hash.ts';
import { isEmpty } from '../../base/json.ts';
import { platformOfImage, platforms } from '../../base/platform.ts';
import type { HeldToolchain, Leftover } from '../engine.ts';
import type { ImageStore, StoredImage } from '../image-store.ts';
import type { ToolchainRef } from '../step.ts';
import { foreignToolchain, type ToolchainDifference } from '../toolchain-difference.ts';
import type { EngineClient } from './client.ts';

/** The engine that holds a builder. */
type Holder = Pick<EngineClient, 'dialect'>;

/** Carried by every builder image; its value is the toolchain's key. */
const toolchainLabel = 'org.mkbase.toolchain';

const repository = 'mkbase-toolchain/';

/** Makes the name under which people see a builder; nothing is believed for it. */
const tagOf = ({ name, key }: ToolchainRef) => `${repository}${name}:${key.slice(0, 16)}`;

/** Shows the members of a config that say something, as a builder's alone does: its label. */
const spoken = (config: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(config).filter(([, value]) => !isEmpty(value))));

/**
 * Returns in what an image is not the builder with this key and tree: in its layers, in anything that
 * its config says, or in its architecture; undefined when it is that builder.
 */
export function differenceOf(
  { diffIds, config = {}, architecture }: StoredImage,
  { key, platform }: Pick<ToolchainRef, 'key' | 'platform'>,
  tree: string,
): ToolchainDifference | undefined {
  const [layer, layers] = [`sha256:${tree}`, diffIds.join(', ') || 'none'];
  if (layers !== layer) return { in: 'layers', expected: layer, found: layers };
  const own = spoken({ Labels: { [toolchainLabel]: key } });
  const found = spoken(config);
  if (found !== own) return { in: 'config', expected: own, found };
  const wanted = platforms[platform].ociArchitecture;
  if (architecture === undefined || architecture === wanted) return undefined;
  return { in: 'architecture', expected: wanted, found: architecture };
}

/**
 * Returns in what an image that somebody may have put there is not the builder. An engine that believes
 * what a loaded image says of its layers has to name the layer by its bytes.
 */
function differenceFound(
  { dialect }: Holder,
  image: StoredImage,
  toolchain: Pick<ToolchainRef, 'key' | 'platform'>,
  tree: string,
): ToolchainDifference | undefined {
  const difference = differenceOf(image, toolchain, tree);
  if (difference !== undefined || dialect.checksLayers || image.storedLayer === tree) {
    return difference;
  }
  const found = image.storedLayer === undefined ? '' : `sha256:${image.storedLayer}`;
  return { in: 'stored layer', expected: `sha256:${tree}`, found };
}

/** Tells that an image under a builder's tag is not used, and in what it differs. */
function tell(
  { dialect: { name } }: Holder,
  toolchain: ToolchainRef,
  difference: ToolchainDifference,
  { emit }: Io,
): void {
  if (difference.found !== '') {
    emit(foreignToolchain(`${name}'s ${tagOf(toolchain)}`, toolchain, difference));
    return;
  }
  const warning = {
    code: 'builder-unnamed',
    message: `${name} keeps its layers so that it does not show whether ${tagOf(toolchain)} is the builder that mkbase made.`,
    advice:
      'Each build makes its own. Use the overlay storage driver, or another --engine, to keep builders.',
  };
  emit({ type: 'warning', stage: 'toolchain', warning });
}

/** Removes an image if no tag and no container needs it. */
const drop = (images: ImageStore, id: string, io: Io) =>
  images.removeUntagged(id, io).catch(() => undefined);

/**
 * Returns the id of the builder's image; undefined when there is none. Another image under the
 * builder's tag is told as a warning and loses the tag. One question where all is well.
 */
export async function findToolchain(
  holder: Holder,
  images: ImageStore,
  toolchain: ToolchainRef,
  tree: string,
  io: Io,
): Promise<string | undefined> {
  const tag = tagOf(toolchain);
  const image = await images.inspect(tag, io);
  if (image === undefined) return undefined;
  const difference = differenceFound(holder, image, toolchain, tree);
  if (difference === undefined) return image.id;
  tell(holder, toolchain, difference, io);
  // The new builder takes the tag over even if this fails.
  await images.untag(tag, io).catch(() => undefined);
  await drop(images, image.id, io);
  return undefined;
}

/** Takes a builder's tag off, and removes its image if no other tag and no container needs it; never throws. */
export async function dropToolchain(
  images: ImageStore,
  toolchain: ToolchainRef,
  io: Io,
): Promise<void> {
  const tag = tagOf(toolchain);
  const image = await images.inspect(tag, io).catch(() => undefined);
  if (image === undefined) return;
  await images.untag(tag, io).catch(() => undefined);
  await drop(images, image.id, io);
}

/** A builder that was imported: the image's id, and the sha256 of its tar. */
interface Imported {
  readonly id: string;
  readonly tree: string;
}

/**
 * Gives an imported builder its tag. Where an image of the same tree and config has it already, as
 * when two builds make a builder at once, that one stays and the import goes.
 */
async function settle(
  holder: Holder,
  images: ImageStore,
  toolchain: ToolchainRef,
  { id, tree }: Imported,
  io: Io,
): Promise<string> {
  const tag = tagOf(toolchain);
  const [own, other] = await Promise.all([images.inspect(id, io), images.inspect(tag, io)]);
  const wrong = own
    ? differenceOf(own, toolchain, tree)
    : { in: 'image', expected: id, found: 'none' };
  if (wrong !== undefined) throw mismatch(wrong);
  const difference = other && differenceFound(holder, other, toolchain, tree);
  if (other !== undefined && difference === undefined) {
    await drop(images, id, io);
    return other.id;
  }
  if (difference) tell(holder, toolchain, difference, io);
  await images.tag(id, tag, io);
  if (other) await drop(images, other.id, io);
  return id;
}

/** Imports a builder and tags it once the engine has the same bytes. IMAGE_MISMATCH when it has not. */
export async function importToolchain(
  holder: Holder,
  images: ImageStore,
  toolchain: ToolchainRef,
  tar: AsyncIterable<Uint8Array>,
  io: Io,
): Promise<Imported> {
  const { bytes, sha256 } = hashedStream(tar);
  const changes = [`LABEL ${toolchainLabel}=${toolchain.key}`];
  const message = `mkbase toolchain ${toolchain.name}`;
  const { platform } = toolchain;
  const id = await images.importTar(bytes, { changes, message, platform }, io);
  try {
    const tree = sha256();
    return { id: await settle(holder, images, toolchain, { id, tree }, io), tree };
  } catch (error) {
    await drop(images, id, { ...io, signal: new AbortController().signal });
    throw error;
  }
}

const mismatch = ({ in: part, expected, found }: ToolchainDifference): MkbaseError =>
  new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `The engine stored another builder than it was given.\n${part} expected: ${expected}\n${part} found:    ${found}`,
    hint: 'See whether the engine was restarted or is out of space, then run the same command again.',
  });

/** Lists what stands under the tags of builders, whoever put it there. */
export async function listToolchains(engine: EngineClient, io: Io): Promise<HeldToolchain[]> {
  const { client } = engine;
  const listed = await client.imageTags(io);
  const tags = listed.filter((tag) => tag.replace(/^localhost\//, '').startsWith(repository));
  const found = (await client.inspectImages(tags, io)).flatMap((image) =>
    image.tags
      .filter((tag) => tag.startsWith(repository))
      .map((name) => ({
        name,
        key: image.labels[toolchainLabel] ?? '',
        tree: treeOf(engine, image),
      })),
  );
  return [...new Map(found.map((each) => [each.name, each])).values()];
}

/** Returns the sha256 of the tree of an image that is made like a builder; '' for any other. */
function treeOf(holder: Holder, image: StoredImage): string {
  const tree = image.diffIds[0]?.replace('sha256:', '') ?? '';
  const platform = platformOfImage(image);
  const key = image.labels[toolchainLabel] ?? '';
  if (platform === undefined) return '';
  return differenceFound(holder, image, { key, platform: platform.name }, tree) ? '' : tree;
}

/** Removes every builder image whose key is not in `keep`; one that a container uses stays. */
export async function removeToolchains(
  { client }: EngineClient,
  keep: ReadonlySet<string>,
  io: Io,
): Promise<Leftover[]> {
  const ids = await client.imageIds({ label: toolchainLabel }, io);
  const removed: Leftover[] = [];
  for (const image of await client.inspectImages(ids, io)) {
    if (keep.has(image.labels[toolchainLabel] ?? '')) continue;
    const isGone = await client.removeImage(image.id, { force: true }, io).catch(() => false);
    if (isGone) removed.push({ kind: 'image', id: image.tags[0] ?? image.id });
  }
  return removed;
}
