import { chmod, cp, lstat, mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ioError, MkbaseError } from '../../base/errors.ts';
import { withSlashes } from '../../base/host.ts';
import { isExecutable } from '../../base/host-files.ts';

/** The files that a builder is sent: the recipe's own below `src/`, and those that mkbase adds. */
export interface SourceContext {
  /** The recipe's folder, and paths in it. */
  readonly folder: string;
  readonly paths: readonly string[];
  /** Name at the top of the context → contents. */
  readonly added: Readonly<Record<string, string | AsyncIterable<Uint8Array>>>;
  /** Path in the context → a script that can be run. */
  readonly scripts?: Readonly<Record<string, string>>;
}

async function assertInside(folder: string, path: string): Promise<void> {
  const full = join(folder, path);
  const [root, real, stats] = await Promise.all([realpath(folder), realpath(full), lstat(full)]);
  const inside = real === join(root, path);
  if (inside && (stats.isFile() || stats.isDirectory())) return;
  throw new MkbaseError({
    code: 'RECIPE_INVALID',
    message: `${full} is ${inside ? 'neither a file nor a folder' : `a link to ${real}`}.`,
    hint: 'Builders are sent plain files and folders beside the recipe; replace the link by what it points at.',
  });
}

async function stage(
  { folder, paths, added, scripts = {} }: SourceContext,
  staging: string,
): Promise<void> {
  for (const path of paths) {
    await assertInside(folder, path);
    const target = join(staging, 'src', path);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(folder, path), target, {
      recursive: true,
      verbatimSymlinks: true,
      filter: async (source) => {
        const stats = await lstat(source);
        return stats.isFile() || stats.isDirectory() || stats.isSymbolicLink();
      },
    });
  }
  for (const [name, contents] of Object.entries(added)) {
    await writeFile(join(staging, name), contents, { flag: 'wx' });
  }
  for (const [path, text] of Object.entries(scripts)) {
    await mkdir(dirname(join(staging, path)), { recursive: true });
    await writeFile(join(staging, path), text, { flag: 'wx', mode: 0o755 });
  }
}

/** Returns the modes of what was put together, which leave of each only whether it is to be run, as a checkout does. */
async function settledModes({ scripts = {} }: SourceContext, staging: string) {
  const modes = new Map<string, number>();
  for (const entry of await readdir(staging, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const name = withSlashes(relative(staging, path));
    const isRun =
      entry.isDirectory() ||
      Object.hasOwn(scripts, name) ||
      (entry.isFile() && (await isExecutable(path, await lstat(path))));
    const mode = isRun ? 0o755 : 0o644;
    modes.set(name, mode);
    // Files that their owner may not read are read, too.
    await chmod(path, mode);
  }
  return modes;
}

/**
 * Packs the context as a tar for a builder, put together in `staging` (an empty folder of mkbase's own).
 * Names, contents and the executable bit are all that it carries; owner, times and umask do not show.
 * Errors: RECIPE_INVALID for a path that is a link or a special file; IO, NO_SPACE.
 */
export async function* packContext(
  context: SourceContext,
  staging: string,
): AsyncGenerator<Uint8Array> {
  const modes = await stage(context, staging)
    .then(() => settledModes(context, staging))
    .catch((error: unknown) => {
      throw ioError(error, 'collecting the sources in', context.folder);
    });
  const { create } = await import('tar');
  const pack = create(
    {
      cwd: staging,
      portable: true,
      mtime: new Date(0),
      strict: true,
      // A file system may keep other modes than it is given.
      onWriteEntry: ({ path, stat }) => {
        if (stat) stat.mode = modes.get(path.replace(/^\.\/|\/$/g, '')) ?? stat.mode;
      },
      // Hard links among the sources end node-tar's stream early (isaacs/node-tar#460).
      linkCache: Object.assign(new Map(), { get: () => undefined }),
    },
    ['.'],
  );
  yield* pack as AsyncIterable<Uint8Array>;
}
