import type { InventoryFile } from '../evidence/inventory/file.ts';
import type { Inventory } from '../evidence/inventory/inventory.ts';
import { type Check, counted } from './report.ts';

/** The component that commands of a recipe make files of (evidence/inventory/attribute.ts). */
export const madeByCommands = 'recipe:run';

/** The sources that the bytes of packages' files were held against. */
export interface BytesSource {
  /** True where the hashes of packages' files stand in a package database of the image itself. */
  readonly inDatabase: boolean;
  /** Says why the locked inputs were not looked into; undefined where they were. */
  readonly notAtHand: string | undefined;
}

type Ground = 'inputs' | 'database' | 'recipe' | 'build';

/** Names what states the bytes of a file besides the evidence. */
function groundOf({ attribution, component }: InventoryFile, { inDatabase }: BytesSource): Ground {
  switch (attribution?.by) {
    case 'package':
      return inDatabase ? 'database' : 'inputs';
    case 'archive':
      return 'inputs';
    case 'recipe':
      return component === madeByCommands ? 'build' : 'recipe';
    default:
      return 'build';
  }
}

/** Lists the files whose bytes nothing besides the evidence and the image states. */
export function claimedBytes({ files }: Inventory, source: BytesSource): Check[] {
  const regular = files.filter(({ digests }) => digests !== undefined);
  const bytesOf = (ground: Ground, which: string): string | undefined => {
    const { length } = regular.filter((file) => groundOf(file, source) === ground);
    return length > 0 ? `the bytes of ${counted(length, 'file')} ${which}` : undefined;
  };
  const made = bytesOf('build', 'that no package has');
  const listed = bytesOf('database', "by the image's own package database");
  const shipped = bytesOf('inputs', 'against the locked inputs');
  const { notAtHand } = source;
  const word = (what: string, claimed: string): Check => ({
    ...{ what, mismatches: [], claimed },
    toldByRebuild: true,
  });
  return [
    ...(made ? [word(made, 'only a rebuild tells them')] : []),
    ...(listed ? [word(listed, 'only a rebuild takes them out of the locked inputs again')] : []),
    ...(shipped && notAtHand ? [{ what: shipped, mismatches: [], skipped: notAtHand }] : []),
  ];
}
