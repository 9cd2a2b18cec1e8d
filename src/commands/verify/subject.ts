import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { evidenceType } from '../../attach/evidence-types.ts';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { readRegular } from '../../base/regular-file.ts';
import { runCommand } from '../../base/run-command.ts';
import type { Engine } from '../../engines/engine.ts';
import type { StoredImage } from '../../engines/image-store.ts';
import { recipeLabel } from '../../image/process-config.ts';
import { largestJson } from '../../oci/one-meaning.ts';
import { holdsEvidence } from '../../verify/evidence-files.ts';
import { imagesIn } from '../../verify/verify.ts';
import type { CommandContext } from '../command-context.ts';
import { isPlace, parsePlace } from '../place/place.ts';
import { isInRegistry, type LookOptions, type Subject } from './look.ts';

const look = (path: string) => stat(path).catch(() => undefined);

const nothing = async () => {};

async function evidenceIn(folders: readonly string[]): Promise<{ readonly evidence?: string }> {
  for (const folder of folders) if (await holdsEvidence(folder)) return { evidence: folder };
  return {};
}

async function inFolder(word: string, folder: string, options: LookOptions): Promise<Subject> {
  const images = await imagesIn(folder);
  const places = options.evidence ? [options.evidence] : [folder, dirname(folder)];
  const evidence = await evidenceIn(places);
  if (images.length > 0 || evidence.evidence === folder) {
    return { subject: word, images, ...evidence, dispose: nothing };
  }
  throw new MkbaseError({
    code: 'USAGE',
    message: `${word} is a folder that holds neither evidence of a build nor an image.`,
    hint: 'Name the output folder of a build, for instance mkbase-out/hello, or an archive or image.',
  });
}

/** Lists output folders that a build of a stored image may have written, the most specific first. */
function outputFolders({ labels, tags }: StoredImage, cwd: string): string[] {
  const recipe = labels[recipeLabel] ?? '';
  if (!/^[a-z0-9._-]+$/.test(recipe)) return [];
  const releases = tags.map((tag) => tag.slice(tag.lastIndexOf(':') + 1));
  const names = [...releases.map((release) => `${recipe}-${release}`), recipe];
  return names.map((name) => resolve(cwd, 'mkbase-out', name));
}

/** Writes an image of an engine's store to a new file, as `docker save` does. ENGINE_FAILED. */
async function saveImage(
  { name }: Pick<Engine, 'name'>,
  id: string,
  file: string,
  { signal }: Io,
): Promise<void> {
  const args = ['save', '--output', file, id];
  const result = await runCommand({ file: name, args, signal });
  if (result.ok) return;
  throw new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `${name} failed saving image ${id}: ${result.stderr.trim() || result.problem}`,
    hint: `See whether \`${name} info\` works and whether there is room for the image in the cache, then run the same command again.`,
  });
}

async function fromStore(
  engine: Engine,
  stored: StoredImage,
  word: string,
  options: LookOptions,
  context: CommandContext,
  io: Io,
): Promise<Subject> {
  const [{ cacheFolder }, { openWorkspace }] = await Promise.all([
    import('../../store/cache-folder.ts'),
    import('../../store/workspace.ts'),
  ]);
  const { folder, dispose } = await openWorkspace(join(cacheFolder(context.env), 'tmp'));
  try {
    const path = join(folder, 'image.tar');
    await saveImage(engine, stored.id, path, io);
    const places = options.evidence ? [options.evidence] : outputFolders(stored, context.cwd);
    const images = [{ path, name: `${word} in ${engine.name}` }];
    return { subject: word, images, ...(await evidenceIn(places)), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function inEngine(
  word: string,
  options: LookOptions,
  context: CommandContext,
  io: Io,
): Promise<Subject> {
  if (!reference.test(word)) throw nothingCalled(word, 'it is no name of an image');
  const [{ chooseEngine }, { surroundingsOf }] = await Promise.all([
    import('../../engines/choose.ts'),
    import('../../engines/surroundings.ts'),
  ]);
  const engine = await chooseEngine(options.engine, surroundingsOf(context.env), io);
  const stored = await engine.images?.inspect(word, io);
  if (stored !== undefined) return fromStore(engine, stored, word, options, context, io);
  const store = engine.images
    ? `there is no such image in ${engine.name}`
    : `${engine.name} keeps no images`;
  throw nothingCalled(word, store);
}

/** Tells whether a folder is an OCI layout in whose index evidence is attached to its image. */
async function hasAttached(folder: string): Promise<boolean> {
  const index = await readRegular(join(folder, 'index.json'), { most: largestJson });
  return index?.includes(evidenceType) ?? false;
}

/** Finds an image in a registry or layout. `called` is how the person named it. */
async function inPlace(
  word: string,
  called: string,
  options: LookOptions,
  context: CommandContext,
  io: Io,
): Promise<Subject> {
  const { openPlace } = await import('./from-place.ts');
  return openPlace(parsePlace(word, context.cwd), called, options, context, io);
}

/** Names, tags, digests and ids of images; nothing that an engine could take for an option. */
const reference = /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/;

const nothingCalled = (word: string, why: string) =>
  new MkbaseError({
    code: 'USAGE',
    message: `There is nothing called ${word}: no file, no folder, no output folder in mkbase-out, and ${why}.`,
    hint: 'Name an output folder (mkbase-out/hello), an archive, or an image as `docker images` lists it.',
  });

/**
 * Finds what a word names: a folder or file, else the output folder of a recipe (`hello` is
 * mkbase-out/hello), a place in the words of `mkbase copy`, else, with a registry's host at its beginning, an image in that registry, else one in the
 * engine's store; both are written to temporary files. Evidence is looked for beside it. Errors: USAGE, NO_ENGINE,
 * ENGINE_FAILED, REGISTRY_*, NO_SPACE, IO.
 */
export async function openSubject(
  word: string,
  options: LookOptions,
  context: CommandContext,
  io: Io,
): Promise<Subject> {
  if (isPlace(word)) return inPlace(word, word, options, context, io);
  const path = isAbsolute(word) ? word : resolve(context.cwd, word);
  const found = await look(path);
  if (found?.isDirectory()) {
    if (await hasAttached(path)) return inPlace(`oci:${path}`, word, options, context, io);
    return inFolder(word, path, options);
  }
  if (found?.isFile()) {
    const images = [{ path: await realpath(path), name: basename(path) }];
    const places = [options.evidence ?? dirname(path)];
    return { subject: word, images, ...(await evidenceIn(places)), dispose: nothing };
  }
  if (/^[a-z0-9:._-]+$/.test(word)) {
    const output = resolve(context.cwd, 'mkbase-out', word.replace(':', '-'));
    if ((await look(output))?.isDirectory()) return inFolder(word, output, options);
  }
  if (isInRegistry(word, options)) {
    return inPlace(word, word, options, context, io);
  }
  return inEngine(word, options, context, io);
}
