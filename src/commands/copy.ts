import { join } from 'node:path';
import { type Copied, type CopyTarget, copyImage } from '../attach/copy.ts';
import type { Io } from '../base/events.ts';
import { plural } from '../base/format.ts';
import { inStage } from '../pipeline/stages.ts';
import { remoteName } from '../registry/remote-reference.ts';
import { openRepository, type RegistryOptions } from '../registry/session.ts';
import { cacheFolder } from '../store/cache-folder.ts';
import { trackProgress } from '../store/transfer/progress.ts';
import { openWorkspace } from '../store/workspace.ts';
import type { ProgressMode } from '../ui/ui.ts';
import type { CommandContext } from './command-context.ts';
import { openSource } from './place/open-source.ts';
import { type Place, parsePlace } from './place/place.ts';
import { withProgress } from './with-progress.ts';

/** Options of `copy`. */
export interface CopyCommandOptions {
  /** False with --no-attach. */
  readonly attach?: boolean;
  readonly insecureRegistry?: readonly string[];
  readonly json?: true;
  readonly progress: ProgressMode;
}

/** Copies to a place: `use` is given the target, and what it brought appears when it is whole. */
type WithTarget = <T>(
  onBytes: (difference: number) => void,
  use: (target: CopyTarget) => Promise<T>,
) => Promise<T>;

/** Returns the way to a registry; the tag is that of the source where none is named. */
async function toRemote(
  { reference }: Extract<Place, { kind: 'remote' }>,
  options: RegistryOptions,
  io: Io,
): Promise<WithTarget> {
  const { remoteTarget } = await import('../attach/remote-target.ts');
  const repository = await openRepository(reference, options, io);
  return (onBytes, use) => use(remoteTarget(repository, reference.tag, onBytes));
}

/** Returns the way to a layout, which is made beside its place and renamed. */
async function toLayout(
  { kind, path }: Exclude<Place, { kind: 'remote' }>,
  tag: string,
  scratch: string,
  { signal }: Io,
): Promise<WithTarget> {
  const [{ layoutTarget }, { writeLayoutArchive }, { stage }, { refuseFolder, refuseOtherFolder }] =
    await Promise.all([
      import('../attach/layout-target.ts'),
      import('../attach/layout-archive.ts'),
      import('../store/staging.ts'),
      import('../outputs/staged-file.ts'),
    ]);
  await (kind === 'folder' ? refuseOtherFolder(path) : refuseFolder(path));
  return async (onBytes, use) => {
    let value: Awaited<ReturnType<typeof use>> | undefined;
    const staged = await stage(path, kind === 'folder' ? 'folder' : 'file', async (temporary) => {
      const folder = kind === 'folder' ? temporary : join(scratch, 'layout');
      value = await use(await layoutTarget(folder, tag, onBytes));
      if (kind === 'archive') await writeLayoutArchive(folder, temporary, signal);
    });
    try {
      await staged.commit();
    } finally {
      await staged.discard();
    }
    return value as Awaited<ReturnType<typeof use>>;
  };
}

function shown(place: Place, digest: string): string {
  if (place.kind !== 'remote') return place.path;
  return remoteName({ ...place.reference, digest });
}

/** `mkbase copy`: an image with everything attached, from one registry, layout or archive to another. */
export async function copy(
  from: string,
  to: string,
  options: CopyCommandOptions,
  context: CommandContext,
): Promise<number> {
  const { env, cwd } = context;
  const { attach = true, insecureRegistry: insecure = [] } = options;
  const [source, target] = [parsePlace(from, cwd), parsePlace(to, cwd)];
  const registry = { env, insecure };
  const work = async (io: Io) => {
    const { folder, dispose } = await openWorkspace(join(cacheFolder(env), 'tmp'));
    try {
      const { content, which, tag } = await openSource(source, from, registry, io);
      const way =
        target.kind === 'remote'
          ? await toRemote(target, registry, io)
          : await toLayout(target, target.tag ?? tag ?? 'latest', folder, io);
      const progress = trackProgress('push', undefined, io.emit);
      const copying = () =>
        way(
          (bytes) => progress.moved(content.name, bytes),
          (there) => copyImage(content, which, there, { attach, folder }, io),
        );
      const copied = await inStage(io, 'push', 'Copying', copying, ({ digest }) => digest);
      return resultText(shown(target, copied.digest), copied, options);
    } finally {
      await dispose();
    }
  };
  return withProgress(options.progress, from, work, context);
}

function resultText(dest: string, copied: Copied, { json }: CopyCommandOptions): string {
  if (json) return `${JSON.stringify({ dest, ...copied })}\n`;
  const { images, attached } = copied;
  return `Copied ${plural(images, 'image')} and ${plural(attached, 'attachment')} to ${dest}\n`;
}
