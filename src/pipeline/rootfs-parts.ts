import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ByteString } from '../base/byte-string.ts';
import { ioError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { platforms } from '../base/platform.ts';
import type { Built } from '../kinds/contract.ts';
import { kindOf } from '../kinds/kinds.ts';
import { wantedOf } from '../lock/lock.ts';
import type { Lock } from '../lock/schema.ts';
import { sourceOf } from '../recipe/kind.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { accountFiles } from '../rootfs/accounts.ts';
import { overlaidEntries, type RootfsInput } from '../rootfs/rootfs.ts';
import { rootfsView } from '../rootfs/view.ts';
import { type BuildContext, withBuilder } from '../steps/builder.ts';
import { runCommands } from '../steps/run-commands.ts';
import type { Store } from '../store/store.ts';
import type { Content, Entry } from '../tar/entry.ts';

/**
 * Copies the files that `files:` takes by URL out of the store into `folder`, and checks them on the
 * way. Returns them by their sha256. Errors: SOURCE_CORRUPT, NO_SPACE, IO.
 */
async function downloadedFiles(
  { files }: Recipe,
  store: Store,
  folder: string,
): Promise<Map<string, Content>> {
  const contents = new Map<string, Content>();
  for (const overlay of files) {
    if (!('url' in overlay) || contents.has(overlay.sha256)) continue;
    const file = join(folder, `file-${overlay.sha256}`);
    try {
      await pipeline(store.read(overlay.sha256), createWriteStream(file));
      contents.set(overlay.sha256, { file, offset: 0, size: (await stat(file)).size });
    } catch (error) {
      throw ioError(error, 'writing', file);
    }
  }
  return contents;
}

/** Returns the paths that slimming leaves alone, since they are there before the commands run. */
function placedBy({ files, accounts }: Recipe, before: readonly Entry[]): readonly string[] {
  const { resolve } = rootfsView(before);
  const hasAccounts = accounts.users.length + accounts.groups.length > 0;
  const paths = [...files.map(({ path }) => resolve(path)), ...(hasAccounts ? accountFiles : [])];
  return paths.map((path) => `/${path}`);
}

/** The parts of a rootfs, and what an inventory needs to know besides. */
export interface RootfsParts extends RootfsInput, Pick<Built, 'record' | 'leftOut'> {
  /** The entries that the recipe's commands found, if it has any. */
  readonly beforeRun?: readonly Entry[];
}

/**
 * Returns what may be special in a build's result: of a program only the bits that the recipe gave it;
 * of signed packages and published archives, and of what the recipe's own commands make, all that they
 * bring, each of it reported.
 */
async function allowedBy({ name, from, run }: Recipe): Promise<'listed' | readonly ByteString[]> {
  if (run.length > 0) return 'listed';
  const { special } = await kindOf(from).load();
  return special({ name, source: sourceOf(from) });
}

/**
 * Builds what the rootfs is assembled from: the kind's entries and the overlays; or, for a recipe with
 * commands, what these left of both. Errors: those of the kind, overlaidEntries and runCommands.
 */
export async function buildParts(
  recipe: Recipe,
  lock: Lock,
  context: BuildContext,
  io: Io,
): Promise<RootfsParts> {
  const { epoch, platform } = lock;
  const { load, packages } = kindOf(recipe.from);
  const { build } = await load();
  const wanted = wantedOf(recipe, platforms[platform]);
  const pinned = { ...wanted, locked: sourceOf(lock.from), epoch };
  const { entries, over, record, leftOut = [] } = await build(pinned, context, io);
  const downloaded = await downloadedFiles(recipe, context.store, context.folder);
  const allow = await allowedBy(recipe);
  const layers = over ? [entries, over] : [entries];
  const parts = { layers, recipe, epoch, allow, downloaded, record, leftOut };
  if (recipe.run.length === 0) return parts;
  const before = await overlaidEntries(parts);
  const takesPackages = packages.problem?.(sourceOf(recipe.from)) === undefined;
  const commands = { run: recipe.run, env: recipe.image.env, epoch, takesPackages };
  const after = await runCommands(before, commands, withBuilder(context), io);
  const rest = { ...recipe, files: [], accounts: { users: [], groups: [] } };
  return {
    ...parts,
    layers: [after],
    recipe: rest,
    placed: placedBy(recipe, before),
    beforeRun: before,
  };
}
