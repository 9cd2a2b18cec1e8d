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

/** A row of the table in docs/programs.md. */
export interface FieldRow {
  readonly name: string;
  readonly toolchain: string;
  readonly build: string;
  /** For instance `64.2 kB`. */
  readonly size: string;
  readonly special: string;
}

/** Reads the table of docs/programs.md. */
export function fieldRows(): FieldRow[] {
  const lines = readMarkdown('docs/programs.md').split('\n');
  const rows = lines.filter((line) => /^\| \[/.test(line));
  return rows.map((line) => {
    const [, link = '', toolchain = '', build = '', size = '', special = ''] = line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    return { name: /^\[(.*?)\]/.exec(link)?.[1] ?? '', toolchain, build, size, special };
  });
}
