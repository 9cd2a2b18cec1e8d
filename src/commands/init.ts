import { readFile } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { ioError, MkbaseError } from '../base/errors.ts';
import { withSlashes } from '../base/host.ts';
import { packageRoot } from '../base/package-root.ts';
import { shellWord } from '../base/shell-word.ts';
import type { Starter } from '../kinds/contract.ts';
import { facts } from '../ui/layout.ts';
import { paletteOf } from '../ui/screen.ts';
import type { CommandContext } from './command-context.ts';
import { writeNewFiles } from './init/write-new-files.ts';

export interface InitOptions {
  readonly kind: string;
  readonly name?: string;
  readonly json?: true;
}

/** The JSON of `mkbase init --json`. */
interface Started {
  readonly name: string;
  readonly kind: string;
  /** Absolute. */
  readonly folder: string;
  /** Names in the folder. */
  readonly files: readonly string[];
  /** Command that builds it from the working folder. */
  readonly next: string;
}

const recipeFile = 'recipe.yaml';
const schemaFile = 'recipe.schema.json';

/** Turns the folder's name into a recipe's: `Mein Café` → `mein-cafe`. */
const nameFor = (folder: string): string =>
  basename(folder)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 64)
    .replace(/-$/, '');

async function checkedName(folder: string, asked: string | undefined): Promise<string> {
  const { recipeName } = await import('../recipe/schema/fields.ts');
  const name = asked ?? nameFor(folder);
  const { success, error } = recipeName.safeParse(name);
  if (success) return name;
  const of =
    asked === undefined
      ? `The folder ${folder} gives no name for a recipe`
      : `"${name}" is no name`;
  throw new MkbaseError({
    code: 'USAGE',
    message: `${of}: ${error.issues[0]?.message}.`,
    hint: 'Give one with --name, for instance --name my-app.',
  });
}

async function starterOf(kind: string, name: string): Promise<Starter> {
  const { kinds } = await import('../kinds/kinds.ts');
  const found = kinds.find((each) => each.name === kind);
  if (found === undefined) throw new Error(`there is no kind ${kind}`);
  return found.starter(name);
}

async function recipeText(kind: string, name: string): Promise<string> {
  const { yamlWord } = await import('../recipe/diagnostics/as-list.ts');
  const { description, recipe } = await starterOf(kind, name);
  return `# yaml-language-server: $schema=./${schemaFile}
# What the image is made from, what is added to it, and how it runs.
# Every field and its meaning: mkbase schema, and docs/recipes.md of mkbase.

# The image is tagged mkbase/${name}.
name: ${yamlWord(name)}
description: "${description}"

${recipe}`;
}

async function schemaText(): Promise<string> {
  const file = join(packageRoot, 'schema', schemaFile);
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw ioError(error, 'reading', file);
  });
}

/** Writes a path so that commands take it for one: with a slash, or a lone dot. */
function pathWord(folder: string, cwd: string): string {
  const path = withSlashes(relative(cwd, folder)) || '.';
  return shellWord(path.startsWith('.') || isAbsolute(path) ? path : `./${path}`);
}

function text({ name, kind, files, next }: Started, { stdout, env }: CommandContext): string {
  const palette = paletteOf(stdout, env);
  const rows = [
    ['kind', kind],
    ['files', files],
    ['next', palette.bold(next)],
  ] as const;
  return `${[palette.bold(name), ...facts(rows, palette)].join('\n')}\n`;
}

/**
 * `mkbase init`: writes a commented recipe that builds at once, with what it names and the schema
 * that editors check it against. Errors: USAGE for a name that cannot be or for files that are there
 * already, NO_SPACE, IO.
 */
export async function init(
  place: string,
  options: InitOptions,
  context: CommandContext,
): Promise<number> {
  const { kind } = options;
  const folder = resolve(context.cwd, place);
  const name = await checkedName(folder, options.name);
  const files = {
    [recipeFile]: await recipeText(kind, name),
    ...(await starterOf(kind, name)).files,
    [schemaFile]: await schemaText(),
  };
  await writeNewFiles(folder, files);
  const next = `mkbase build ${pathWord(folder, context.cwd)}`;
  const started: Started = { name, kind, folder, files: Object.keys(files), next };
  const json = () => `${JSON.stringify(started)}\n`;
  context.stdout.write(options.json ? json() : text(started, context));
  return 0;
}
