import type { ByteString } from '../base/byte-string.ts';
import { interrupted, MkbaseError } from '../base/errors.ts';
import { type Io, stageName } from '../base/events.ts';
import type { Recipe, RecipeFile } from '../recipe/recipe.ts';
import type { ImageSettings } from '../recipe/schema/schema.ts';
import type { Content, Entry } from '../tar/entry.ts';
import { shown } from '../tar/names.ts';
import { writeTar } from '../tar/write.ts';
import { applyAccounts } from './accounts.ts';
import { canonicalOrder } from './canonical.ts';
import { applyFiles } from './file-overlays.ts';
import { type Allow, checkPolicy } from './policy.ts';
import { type Refusal, type Refuse, throwRefusals } from './refusals.ts';
import { applySlim } from './slim.ts';
import { mergeLayers, type Tree } from './tree.ts';
import { checkUser } from './user.ts';
import { writeHashed } from './write-hashed.ts';

/** A finished root filesystem: its canonical tar on disk, and what is in it. */
export interface Rootfs {
  /** sha256 of the uncompressed tar as `sha256:<hex>`; the layer's diffID (OCI image spec). */
  readonly diffId: string;
  /** Length of the tar in bytes. */
  readonly size: number;
  /** Absolute path of the tar. */
  readonly tar: string;
  readonly entries: readonly Entry[];
}

/** The parts that a rootfs is made of. */
export interface RootfsInput {
  /** Base first; each is what one archive holds, in its order. */
  readonly layers: readonly (readonly Entry[])[];
  readonly recipe: Pick<Recipe, 'accounts' | 'slim' | 'origin'> & {
    /** Left out for a builder, which has no config. */
    readonly image?: Pick<ImageSettings, 'user'>;
    readonly files: readonly RecipeFile[];
  };
  /** The files that `files:` takes by URL, by their sha256. */
  readonly downloaded?: ReadonlyMap<string, Content>;
  /** Absolute paths that slimming leaves alone: overlays that are in the layers already. */
  readonly placed?: readonly string[];
  /** Seconds since 1970; no time in the rootfs is later. */
  readonly epoch: number;
  /**
   * Paths (without leading slash) whose devices, setuid bits and extended attributes are meant;
   * `listed` for trees that are trusted whole: all are kept and each is logged. None when left out.
   */
  readonly allow?: Allow;
}

const refuseInto =
  (refusals: Refusal[]): Refuse =>
  (path, problem, about) =>
    refusals.push({ path, problem, ...(about !== undefined && { about }) });

/**
 * Returns the entries with the recipe's files and accounts added, in their canonical order, as its
 * commands (`run:`) find them. Slim rules and the policy are for the tree that these leave. Throws
 * as canonicalEntries.
 */
export async function overlaidEntries(input: RootfsInput): Promise<Entry[]> {
  const refusals: Refusal[] = [];
  const refuse = refuseInto(refusals);
  const tree = mergeLayers(input.layers, refuse);
  await addOverlays(tree, input, refuse);
  throwRefusals(refusals);
  return canonicalOrder(tree, input.epoch);
}

async function addOverlays(tree: Tree, input: RootfsInput, refuse: Refuse) {
  const { recipe, epoch } = input;
  const byRecipe = await applyFiles(tree, input, refuse);
  await applyAccounts(tree, recipe.accounts, epoch, refuse);
  return byRecipe;
}

/**
 * Returns the entries of a rootfs in their canonical order: layers merged, slimmed, the recipe's
 * files and accounts added, checked against the policy. Throws ROOTFS_REFUSED, naming every path
 * that is refused, or for a rootfs with nothing in it or without the image's user; RECIPE_INVALID for a source file that cannot
 * be taken.
 */
export async function canonicalEntries(input: RootfsInput, io: Io): Promise<Entry[]> {
  const { layers, recipe, epoch, allow = [], placed = [] } = input;
  const refusals: Refusal[] = [];
  const refuse = refuseInto(refusals);
  const keep = (path: ByteString, finding: string) =>
    io.emit({ type: 'log', stage: stageName.rootfs, line: `kept: ${shown(path)} ${finding}` });

  const tree = mergeLayers(layers, refuse);
  applySlim(tree, recipe.slim, placed);
  const byRecipe = await addOverlays(tree, input, refuse);
  checkPolicy(tree, { allow, byRecipe }, { refuse, keep });
  throwRefusals(refusals);
  if (tree.size === 0) {
    throw new MkbaseError({
      code: 'ROOTFS_REFUSED',
      message: `The root filesystem of ${recipe.origin.file} has nothing in it.`,
      hint: 'Check what the recipe is made from, and that `slim:` does not drop everything.',
    });
  }
  await checkUser(tree, recipe.image?.user);
  return canonicalOrder(tree, epoch);
}

/**
 * Makes a rootfs and writes its canonical tar to `file` (absolute path, overwritten; the caller
 * renames it); `onGrowth` is told how many bytes are there. Throws what `canonicalEntries` throws,
 * NO_SPACE, IO and INTERRUPTED; `file` is then removed.
 */
export async function assembleRootfs(
  input: RootfsInput & { readonly file: string; readonly onGrowth?: (bytes: number) => void },
  io: Io,
): Promise<Rootfs> {
  const { file, onGrowth } = input;
  const entries = await canonicalEntries(input, io);
  const { sha256, size } = await writeHashed(
    writeTar(entries, { reuseMemory: true }),
    file,
    (done) => {
      if (io.signal.aborted) throw interrupted(io.signal);
      onGrowth?.(done);
      io.emit({ type: 'progress', stage: stageName.rootfs, done });
    },
  );
  return { diffId: `sha256:${sha256}`, size, tar: file, entries };
}
