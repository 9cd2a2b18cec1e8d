import { setTimeout } from 'node:timers/promises';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { ownedName } from '../../store/owner.ts';
import type { ImageStore, StoredImage } from '../image-store.ts';
import { type Cli, engineFailed, linesOf, storeCommand } from './cli.ts';

/** The part of `docker image inspect` and `podman image inspect` that is read. */
interface Inspected {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Comment?: string;
  readonly Architecture?: string;
  readonly RootFS?: { readonly Layers?: readonly string[] | null };
  readonly GraphDriver?: { readonly Data?: { readonly UpperDir?: string } | null };
  /** Podman shows it here, and docker in the config. */
  readonly Healthcheck?: object | null;
  readonly Config?:
    | (Readonly<Record<string, unknown>> & { readonly Labels?: Record<string, string> | null })
    | null;
}

/** Completes an image id: podman leaves the algorithm out. */
const withAlgorithm = (id: string) => (id.startsWith('sha256:') ? id : `sha256:${id}`);

/** podman's name for images that came from no registry. */
const localRegistry = /^localhost\//;

/**
 * Matches the folder in which podman keeps the bytes of a layer; its overlay driver names that of a first
 * layer by the sha256 that it computed itself (containers/image, storage_dest.go).
 */
const overlayFolder = /\/overlay\/([0-9a-f]{64})\/diff$/;

/** An image, and the comment of its import. */
export type InspectedImage = StoredImage & { readonly comment: string };

/** Reads the output of `image inspect`: a JSON array on both CLIs (`{{json .}}` differs). */
export function readInspected(printed: string): InspectedImage[] {
  return (JSON.parse(printed) as Inspected[]).map((image) => {
    const storedLayer = overlayFolder.exec(image.GraphDriver?.Data?.UpperDir ?? '')?.[1];
    return {
      id: withAlgorithm(image.Id),
      diffIds: image.RootFS?.Layers ?? [],
      labels: image.Config?.Labels ?? {},
      tags: (image.RepoTags ?? []).map((tag) => tag.replace(localRegistry, '')),
      config: { ...image.Config, ...(image.Healthcheck && { Healthcheck: image.Healthcheck }) },
      comment: image.Comment ?? '',
      ...(image.Architecture && { architecture: image.Architecture }),
      ...(storedLayer && { storedLayer }),
    };
  });
}

/** The number of images whose description fits into what is kept of a command's output. */
const inspectedAtOnce = 50;

/** Asks for several images; those that are not there any more are left out. */
export async function inspectAll(
  cli: Cli,
  ids: readonly string[],
  io: Io,
): Promise<InspectedImage[]> {
  const images: InspectedImage[] = [];
  for (let start = 0; start < ids.length; start += inspectedAtOnce) {
    const batch = ids.slice(start, start + inspectedAtOnce);
    const { stdout } = await cli.run(['image', 'inspect', ...batch], io);
    images.push(...readInspected(stdout.trim() || '[]'));
  }
  return images;
}

/** Lists the images that no tag points at. */
export async function untaggedImages(cli: Cli, io: Io): Promise<InspectedImage[]> {
  const args = ['images', '--quiet', '--no-trunc', '--filter', 'dangling=true'];
  return inspectAll(cli, linesOf(await cli.expect('listing images', args, io)), io);
}

const tries = 10;
const betweenTries = 200;

async function inspect(cli: Cli, reference: string, io: Io): Promise<StoredImage | undefined> {
  for (let left = tries; ; left--) {
    const result = await cli.run(['image', 'inspect', reference], io);
    if (result.ok) return readInspected(result.stdout)[0];
    const { noSuchImage, halfStored, name } = cli.dialect;
    if (noSuchImage.test(result.stderr)) return undefined;
    if (left === 1 || !halfStored?.test(result.stderr)) {
      throw engineFailed(name, `looking for image ${reference}`, result);
    }
    await setTimeout(betweenTries);
  }
}

/** Matches the mark of an image that was imported and is not yet, or never was, tagged. */
export const importMark = /\((mkbase-[^()\s]+)\)$/;

/** Passes bytes on and knows whether all have been asked for. */
function watched(tar: AsyncIterable<Uint8Array>) {
  let ended = false;
  async function* pass() {
    yield* tar;
    ended = true;
  }
  return { bytes: pass(), ended: () => ended };
}

/** Long enough for a daemon under load, short enough for someone who pressed Ctrl-C. */
const cleanupMilliseconds = 15_000;

/**
 * Removes the image of an import that was stopped or failed before it told the image's id. A daemon
 * that was sent everything (`mayCome`) finishes without its CLI, a moment later.
 */
async function removeImported(cli: Cli, mark: string, mayCome: boolean): Promise<void> {
  const io = { emit: () => undefined, signal: AbortSignal.timeout(cleanupMilliseconds) };
  for (let left = mayCome ? tries : 1; left > 0; left--) {
    const images = await untaggedImages(cli, io);
    const made = images.filter(({ comment }) => importMark.exec(comment)?.[1] === mark);
    for (const { id } of made) await cli.run(['image', 'rm', id], io);
    if (made.length > 0) return;
    await setTimeout(betweenTries);
  }
}

async function importTar(
  cli: Cli,
  tar: AsyncIterable<Uint8Array>,
  { changes, message, platform }: Parameters<ImageStore['importTar']>[1],
  io: Io,
): Promise<string> {
  const { dialect, facts } = cli;
  const foreign = facts.platform !== platform;
  const mark = await ownedName();
  const args = [
    storeCommand.import,
    ...(foreign || dialect.name === 'podman' ? dialect.importOptions(platform) : []),
    ...['--message', `${message} (${mark})`],
    ...changes.flatMap((change) => ['--change', change]),
    '-',
  ];
  const { bytes, ended } = watched(tar);
  try {
    const printed = await cli.expect('importing an image', args, io, bytes);
    return withAlgorithm(printed.split('\n').at(-1) ?? '');
  } catch (error) {
    await removeImported(cli, mark, ended()).catch(() => undefined);
    throw error;
  }
}

const loaded = /^Loaded image(?: ID|\(s\))?: (\S+)$/m;

async function loadArchive(cli: Cli, file: string, io: Io): Promise<string> {
  const printed = await cli.expect(`loading ${file}`, ['load', '--input', file], io);
  const reference = loaded.exec(printed)?.[1];
  if (reference?.startsWith('sha256:')) return reference;
  const image = reference === undefined ? undefined : await inspect(cli, reference, io);
  if (image !== undefined) return image.id;
  throw new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `${cli.dialect.name} loaded ${file} but did not name the image; it said: ${printed}`,
  });
}

async function removeUntagged(cli: Cli, id: string, io: Io): Promise<void> {
  const image = await inspect(cli, id, io);
  if (image === undefined || image.tags.length > 0) return;
  const result = await cli.run(['image', 'rm', id], io);
  if (result.ok || cli.dialect.noSuchImage.test(result.stderr)) return;
  throw engineFailed(cli.dialect.name, `removing image ${id}`, result);
}

/** Makes the image store behind a CLI. */
export function imageStore(cli: Cli): ImageStore {
  const { importInstructions, importQuoting } = cli.dialect;
  return {
    importInstructions,
    importQuoting,
    importTar: (tar, options, io) => importTar(cli, tar, options, io),
    loadArchive: (file, io) => loadArchive(cli, file, io),
    inspect: (reference, io) => inspect(cli, reference, io),
    async tag(id, reference, io) {
      await cli.expect(`tagging ${reference}`, ['tag', id, reference], io);
    },
    async untag(reference, io) {
      const result = await cli.run(cli.dialect.untagArguments(reference), io);
      if (result.ok || cli.dialect.noSuchImage.test(result.stderr)) return;
      throw engineFailed(cli.dialect.name, `taking tag ${reference} off`, result);
    },
    removeUntagged: (id, io) => removeUntagged(cli, id, io),
  };
}
