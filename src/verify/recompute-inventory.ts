import type { ByteString } from '../base/byte-string.ts';
import type { Io } from '../base/events.ts';
import { claimedByNothing } from '../evidence/inventory/attribute.ts';
import type { InventoryFile } from '../evidence/inventory/file.ts';
import {
  byPathAndReason,
  type Inventory,
  type InventoryInput,
  takeInventory,
} from '../evidence/inventory/inventory.ts';
import type { Component, Unattributed } from '../kinds/component.ts';
import { kindOf } from '../kinds/kinds.ts';
import { buildSets } from '../lock/inputs.ts';
import type { Lock } from '../lock/schema.ts';
import { sourceOf } from '../recipe/kind.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from '../tar/entry.ts';
import { claimedBytes, madeByCommands } from './claimed-bytes.ts';
import { type InputsAtHand, inputsAtHand } from './inputs-at-hand.ts';
import { type Check, counted } from './report.ts';

/** The rootfs and its sources, from which an inventory is taken anew. */
export interface InventoryFacts {
  readonly recipe: Recipe;
  /** Files beside the recipe as they are recorded; undefined where the recipe's folder is at hand. */
  readonly filesBeside: InventoryInput['filesBeside'];
  readonly lock: Lock;
  /** Entries of the rootfs, with their contents. */
  readonly entries: readonly Entry[];
  /** Digests of the files among them. */
  readonly digests: InventoryInput['digests'];
  /** May hold the locked inputs. */
  readonly store: Store | undefined;
}

/** An inventory that was taken anew, and the parts of it that are still the claim's. */
export interface Recomputed {
  readonly inventory: Inventory;
  /** Checks that ended as claimed, or could not be made. */
  readonly limits: readonly Check[];
  /** False when locked inputs were not at hand, so that parts of the inventory are the claim's. */
  readonly whole: boolean;
}

const ownersOf = ({ files }: Inventory): Map<ByteString, InventoryFile> =>
  new Map(files.map((file) => [file.path, file]));

const isLinked = ({ linked }: Component): boolean => linked.length > 0;

/** Returns the parts of the builder's packages that are said to be linked, by the package's name. */
const saidLinks = ({ components }: Inventory) =>
  new Map(components.filter(isLinked).map(({ name, linked }) => [name, linked]));

/** Returns what is said of links besides: records that are missing, objects that no package ships. */
function saidOfPrograms(told: Inventory, computed: Inventory): Unattributed[] {
  const programs = new Set(
    computed.files.flatMap(({ path, attribution }) => (attribution?.by === 'link' ? [path] : [])),
  );
  return told.unattributed.filter(({ path }) => programs.has(path));
}

/** Returns a path's owner as it is told, where the rootfs without the locked inputs cannot contradict it. */
function withToldOwner(
  file: InventoryFile,
  told: InventoryFile | undefined,
  known: ReadonlySet<string>,
): InventoryFile {
  const by = file.attribution?.by;
  const open = by === undefined || by === 'rule' || by === 'archive';
  if (!open || told === undefined) return file;
  const { component, attribution } = told;
  if (component !== undefined && !known.has(component)) return file;
  return { ...file, component, attribution: component === undefined ? undefined : attribution };
}

/** Fills in from the claim what only the locked inputs could tell of a component. */
function withToldFields(component: Component, told: Component | undefined): Component {
  if (told === undefined) return component;
  const { maintainer, homepage, licence } = told;
  const unknown = component.licence.expression === 'NOASSERTION';
  return {
    ...component,
    ...(unknown && { licence }),
    ...(isLinked(component) && maintainer !== undefined && { maintainer }),
    ...(isLinked(component) && homepage !== undefined && { homepage }),
  };
}

/** Fills in from the claim what only the locked inputs could tell. */
function filledIn(computed: Inventory, told: Inventory): Inventory {
  const known = new Set(computed.components.map(({ id }) => id));
  const owners = ownersOf(told);
  const contradicted = new Set(
    computed.unattributed.flatMap(({ path, reason }) =>
      reason === claimedByNothing ? [] : [path],
    ),
  );
  const files = computed.files.map((file) =>
    contradicted.has(file.path) ? file : withToldOwner(file, owners.get(file.path), known),
  );
  const stray = new Set(
    files.flatMap(({ path, component }) => (component === undefined ? [path] : [])),
  );
  const byId = new Map(told.components.map((each) => [each.id, each]));
  const used = new Set(files.map(({ component }) => component));
  const isIdle = ({ kind, id }: Component) => kind === 'rootfs-archive' && !used.has(id);
  return {
    ...computed,
    files,
    components: computed.components
      .filter((each) => !isIdle(each))
      .map((each) => withToldFields(each, byId.get(each.id))),
    unattributed: [
      ...computed.unattributed.filter(({ path }) => contradicted.has(path)),
      ...told.unattributed.filter(({ path }) => stray.has(path) && !contradicted.has(path)),
    ],
  };
}

const nameOf = (lock: Lock, missing: ReadonlySet<string>): string => {
  const [first = ''] = missing;
  const input = buildSets(lock)
    .flatMap(({ inputs }) => inputs)
    .find(({ sha256 }) => sha256 === first);
  return input?.file ?? first;
};

function limitsOf({ recipe }: InventoryFacts, inventory: Inventory): Check[] {
  const limits: Check[] = [];
  const linked = inventory.files.filter(({ attribution }) => attribution?.by === 'link');
  if (linked.length > 0) {
    const extent = counted(linked.length, 'program');
    const claimed = 'only the linker saw it; --rebuild links again';
    limits.push({ what: 'the objects that programs are linked from', extent, ...word(claimed) });
  }
  const made = inventory.files.filter(({ component }) => component === madeByCommands);
  if (recipe.run.length > 0) {
    const claimed = 'only a build runs them; --rebuild runs them again';
    const what = "the paths that the recipe's commands made";
    limits.push({ what, extent: counted(made.length, 'path'), ...word(claimed) });
  }
  return limits;
}

/** Lists what was filled in from the claim, where anything was. */
function openWithout(skipped: string | undefined, isFilledIn: boolean): Check[] {
  const what = 'licences and owners of paths that only the locked inputs tell';
  return isFilledIn && skipped ? [{ what, mismatches: [], skipped }] : [];
}

const word = (claimed: string) => ({ mismatches: [], claimed, toldByRebuild: true }) as const;

/** An inventory, and whether the locked inputs were read for it, or parts filled in from the claim. */
interface Taken {
  readonly inventory: Inventory;
  readonly withInputs: boolean;
  readonly isFilledIn: boolean;
}

/** Takes the inventory without what the locked inputs tell, and fills that in from the claim. */
async function takeWithout(input: InventoryInput, told: Inventory, io: Io): Promise<Taken> {
  const computed = await takeInventory({ ...input, store: undefined }, io);
  const inventory = filledIn(computed, told);
  const isFilledIn = JSON.stringify(inventory) !== JSON.stringify(computed);
  return { inventory, withInputs: false, isFilledIn };
}

/** Takes the inventory with the locked inputs; undefined when a store lacks one that it takes. */
async function takeWith(
  { store, missing }: InputsAtHand,
  input: InventoryInput,
  io: Io,
): Promise<Taken | undefined> {
  try {
    const inventory = await takeInventory({ ...input, store }, io);
    return { inventory, withInputs: true, isFilledIn: false };
  } catch (error) {
    if (missing.size === 0 || io.signal.aborted) throw error;
    return undefined;
  }
}

/**
 * Takes the inventory of a rootfs anew, by the code of a build: from package databases in the rootfs, the
 * lock and the bytes of files, and from the locked inputs where a store has them. What only the build could
 * see is taken from the claim, `told`, and listed. Throws as takeInventory for a rootfs that cannot be read.
 */
export async function recomputeInventory(
  told: Inventory,
  facts: InventoryFacts,
  io: Io,
): Promise<Recomputed> {
  const { recipe, filesBeside, lock, entries, digests } = facts;
  const owners = ownersOf(told);
  const saidOfRun = (path: ByteString) => owners.get(path)?.component === madeByCommands;
  const input = {
    ...{
      recipe,
      lock,
      entries,
      digests,
      filesBeside,
      saidOfLinks: saidLinks(told),
      store: undefined,
    },
    ...(recipe.run.length > 0 && { saidOfRun }),
  };
  const hand = facts.store && inputsAtHand(facts.store);
  const taken = (hand && (await takeWith(hand, input, io))) ?? (await takeWithout(input, told, io));
  const { inventory, withInputs, isFilledIn } = taken;
  const unattributed = [...inventory.unattributed, ...saidOfPrograms(told, inventory)].sort(
    byPathAndReason,
  );
  const named = hand ? `${nameOf(lock, hand.missing)} is` : 'they are';
  const notAtHand = withInputs
    ? undefined
    : `${named} not at hand; --inputs names a bundle of them`;
  const { unpacks } = await kindOf(recipe.from).load();
  const inDatabase = !unpacks?.(sourceOf(recipe.from));
  return {
    inventory: { ...inventory, unattributed },
    limits: [
      ...limitsOf(facts, inventory),
      ...claimedBytes(inventory, { inDatabase, notAtHand }),
      ...openWithout(notAtHand, isFilledIn),
    ],
    whole: !isFilledIn,
  };
}
