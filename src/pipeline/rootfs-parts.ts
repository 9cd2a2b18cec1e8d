import type { Io } from '../base/events.ts';
import { allowedBy } from '../kinds/allowed.ts';
import { type BuildContext, type Built, build, withBuilder } from '../kinds/build.ts';
import type { Lock } from '../lock/locked.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { overlaidEntries, type RootfsInput } from '../rootfs/rootfs.ts';
import { runCommands } from '../steps/run-commands.ts';
import type { Entry } from '../tar/entry.ts';
import { downloadedFiles } from './downloaded-files.ts';

/** What slimming leaves alone, since it stands there already when the commands run. */
const placedBy = ({ files, accounts }: Recipe): readonly string[] => [
  ...files.map(({ path }) => path),
  ...(accounts.users.length + accounts.groups.length > 0 ? ['/etc/passwd', '/etc/group'] : []),
];

/** What a rootfs is assembled from, and what an inventory of it has to know besides. */
export interface RootfsParts extends RootfsInput, Pick<Built, 'linked'> {
  /** Of a recipe with commands: the entries that they found. */
  readonly beforeRun?: readonly Entry[];
}

/**
 * Builds what the rootfs is assembled from: the kind's entries and the overlays; or, for a recipe with
 * commands, what these left of both. Errors: those of build, overlaidEntries and runCommands.
 */
export async function buildParts(
  recipe: Recipe,
  lock: Lock,
  context: BuildContext,
  io: Io,
): Promise<RootfsParts> {
  const { epoch } = lock;
  const { entries, linked } = await build(recipe, lock, context, io);
  const downloaded = await downloadedFiles(recipe, context.store, context.folder);
  const allow = allowedBy(recipe);
  const parts = { layers: [entries], recipe, epoch, allow, downloaded, ...(linked && { linked }) };
  if (recipe.run.length === 0) return parts;
  const before = await overlaidEntries(parts);
  const commands = { run: recipe.run, env: recipe.image.env, epoch };
  const after = await runCommands(before, commands, withBuilder(context), io);
  const rest = { ...recipe, files: [], accounts: { users: [], groups: [] } };
  return { ...parts, layers: [after], recipe: rest, placed: placedBy(recipe), beforeRun: before };
}
