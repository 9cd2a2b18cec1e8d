import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { readMarkdown } from './markdown.ts';

/** The recipes of programs that people build, a folder each. */
export const fieldFolder: string = resolve(import.meta.dirname, '../e2e/field');

/** Those that build in seconds; each has the same toolchain with the same packages, so one builder. */
export const quickPrograms: readonly string[] = ['dumb-init', 'jq', 'tini'];

/** All of them, the quick ones first. */
export const fieldPrograms: readonly string[] = [
  ...quickPrograms,
  ...readdirSync(fieldFolder)
    .filter((name) => !quickPrograms.includes(name))
    .sort(),
];

/** The recipes of programs that Debian's packages bring, a folder each. */
export const installedFolder: string = resolve(import.meta.dirname, '../e2e/installed');
export const installedPrograms: readonly string[] = readdirSync(installedFolder).sort();

/** The parts of a recipe that docs/programs.md shows. */
export interface FieldRecipe {
  readonly extends?: string;
  readonly from: {
    readonly static: {
      readonly toolchain: string | { readonly extends: string; readonly packages: string[] };
      readonly archive: { readonly debian: string };
      readonly flags?: string[];
      readonly build: string[][];
      readonly programs: Readonly<Record<string, string>>;
    };
  };
}

export const fieldRecipe = (name: string): FieldRecipe =>
  parse(readFileSync(join(fieldFolder, name, 'recipe.yaml'), 'utf8')) as FieldRecipe;

/** Reads the packages that the recipe of an installed program names. */
export const installedPackages = (name: string): readonly string[] =>
  parse(readFileSync(join(installedFolder, name, 'recipe.yaml'), 'utf8')).packages;

/** A row of the table in docs/programs.md. */
export interface FieldRow {
  readonly name: string;
  readonly toolchain: string;
  readonly build: string;
  /** For instance `64.2 kB`. */
  readonly size: string;
  readonly special: string;
}

export interface InstalledRow extends Pick<FieldRow, 'name' | 'size'> {
  readonly packages: string;
}

/** Reads the rows of docs/programs.md whose recipes are in a folder beside its tests, as cells. */
function rowsOf(folder: string): { readonly name: string; readonly cells: readonly string[] }[] {
  const place = new RegExp(`^\\|[^|]*/e2e/${folder}/([^/]+)/`);
  return readMarkdown('docs/programs.md')
    .split('\n')
    .flatMap((line) => {
      const name = place.exec(line)?.[1];
      const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return name === undefined ? [] : [{ name, cells: cells.slice(2) }];
    });
}

/** Reads the table of programs that are built. */
export const fieldRows = (): FieldRow[] =>
  rowsOf('field').map(({ name, cells }) => {
    const [toolchain = '', build = '', size = '', special = ''] = cells;
    return { name, toolchain, build, size, special };
  });

/** Reads the table of programs that are installed. */
export const installedRows = (): InstalledRow[] =>
  rowsOf('installed').map(({ name, cells: [packages = '', , size = ''] }) => ({
    name,
    packages,
    size,
  }));
