import { setTimeout } from 'node:timers/promises';
import type { Io } from '../../base/events.ts';
import { type Cli, engineFailed, linesOf, storeCommand } from './cli.ts';
import {
  type Client,
  type ImageDescription,
  type ImportSettings,
  type InspectedImage,
  readDescription,
  withAlgorithm,
} from './client.ts';

/** Reads the output of `image inspect`: a JSON array on both CLIs (`{{json .}}` differs). */
export const readInspected = (printed: string): InspectedImage[] =>
  (JSON.parse(printed) as ImageDescription[]).map(readDescription);

/** The number of images whose description fits into what is kept of a command's output. */
const inspectedAtOnce = 50;

async function inspectImages(cli: Cli, ids: readonly string[], io: Io): Promise<InspectedImage[]> {
  const images: InspectedImage[] = [];
  for (let start = 0; start < ids.length; start += inspectedAtOnce) {
    const batch = ids.slice(start, start + inspectedAtOnce);
    const { stdout } = await cli.run(['image', 'inspect', ...batch], io);
    images.push(...readInspected(stdout.trim() || '[]'));
  }
  return images;
}

const tries = 10;
const betweenTries = 200;

async function inspectImage(
  cli: Cli,
  reference: string,
  io: Io,
): Promise<InspectedImage | undefined> {
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

async function importImage(
  cli: Cli,
  tar: AsyncIterable<Uint8Array>,
  { changes, message, platform }: ImportSettings,
  io: Io,
): Promise<string> {
  const args = [
    storeCommand.import,
    ...(platform === undefined ? [] : cli.dialect.importOptions(platform)),
    ...['--message', message],
    ...changes.flatMap((change) => ['--change', change]),
    '-',
  ];
  const printed = await cli.expect('importing an image', args, io, tar);
  return withAlgorithm(printed.split('\n').at(-1) ?? '');
}

/** Runs a command that removes something; resolves to whether that was there. */
async function remove(cli: Cli, doing: string, args: readonly string[], io: Io): Promise<boolean> {
  const result = await cli.run(args, io);
  if (result.ok) return true;
  if (cli.dialect.noSuchImage.test(result.stderr)) return false;
  throw engineFailed(cli.dialect.name, doing, result);
}

/** Makes the client that asks an engine by its CLI. */
export function cliClient(cli: Cli): Client {
  const { removeArguments, untagArguments } = cli.dialect;
  const list = async (args: readonly string[], io: Io) =>
    linesOf(await cli.expect('listing images', ['images', ...args], io));
  return {
    inspectImage: (reference, io) => inspectImage(cli, reference, io),
    inspectImages: (ids, io) => inspectImages(cli, ids, io),
    imageIds: (filter, io) => {
      const words = 'label' in filter ? `label=${filter.label}` : 'dangling=true';
      return list(['--quiet', '--no-trunc', '--filter', words], io);
    },
    imageTags: (io) => list(['--format', '{{.Repository}}:{{.Tag}}'], io),
    importImage: (tar, settings, io) => importImage(cli, tar, settings, io),
    loadImage: (file, io) => cli.expect(`loading ${file}`, ['load', '--input', file], io),
    async tagImage(id, reference, io) {
      await cli.expect(`tagging ${reference}`, ['tag', id, reference], io);
    },
    async untagImage(reference, io) {
      await remove(cli, `taking tag ${reference} off`, untagArguments(reference), io);
    },
    removeImage: (id, { force }, io) =>
      remove(cli, `removing image ${id}`, ['image', 'rm', ...(force ? ['--force'] : []), id], io),
    async containerNames(label, io) {
      const args = ['ps', '--all', '--filter', `label=${label}`, '--format', '{{.Names}}'];
      return linesOf(await cli.expect('listing containers', args, io));
    },
    removeContainer: (name, io) =>
      remove(cli, `removing container ${name}`, [...removeArguments, name], io),
  };
}
