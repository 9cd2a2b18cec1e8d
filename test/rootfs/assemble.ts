import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Io } from '../../src/base/events.ts';
import { singleOverlays } from '../../src/recipe/folder-overlays.ts';
import { accounts, files, slim } from '../../src/recipe/schema/overlays.ts';
import { canonicalEntries, type RootfsInput } from '../../src/rootfs/rootfs.ts';
import { readContent } from '../../src/tar/content.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { temporaryFolder } from '../support/folder.ts';

/** A test file's own folder, and the recipe folder in it. */
export const base = temporaryFolder();
export const folder = join(base, 'recipe');
mkdirSync(folder);
const origin = { file: join(folder, 'recipe.yaml'), folder, builtIn: false, sha256: '' };

export interface Overlays {
  readonly files?: unknown[];
  readonly accounts?: object;
  readonly slim?: unknown[];
  /** `image.user`. */
  readonly user?: string;
}

/** The overlays as a recipe's file would give them. */
export const recipe = (overlays: Overlays = {}): RootfsInput['recipe'] => ({
  origin,
  files: singleOverlays(files.parse(overlays.files)),
  accounts: accounts.parse(overlays.accounts),
  slim: slim.parse(overlays.slim),
  ...(overlays.user !== undefined && { image: { user: overlays.user } }),
});

export const quiet: Io = { emit: () => {}, signal: new AbortController().signal };

export type Rest = Partial<RootfsInput> & { overlays?: Overlays };
export const canonical = (layers: Entry[][], { overlays, ...rest }: Rest = {}, io = quiet) =>
  canonicalEntries({ layers, recipe: recipe(overlays), epoch: 1000, ...rest }, io);

export const refused = (layers: Entry[][], problem: string, rest: Rest = {}) =>
  expect(canonical(layers, rest)).rejects.toMatchObject({
    code: 'ROOTFS_REFUSED',
    message: expect.stringContaining(problem),
    hint: expect.any(String),
  });

export const paths = (entries: readonly Entry[]) => entries.map(({ path }) => path);

export const textOf = async (
  entries: readonly Entry[],
  path: string,
): Promise<string | undefined> => {
  const entry = entries.find((one) => one.path === path);
  return entry?.type === 'file' ? (await readContent(entry.content)).toString() : undefined;
};
