import { basename, resolve } from 'node:path';
import { formatBytes, plural } from '../base/format.ts';
import { hostPlatform } from '../base/platform.ts';
import { type ReleaseSupport, supportWords } from '../base/release-support.ts';
import { sourceOf } from '../recipe/kind.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { withoutUrlSecrets } from '../store/show-url.ts';
import { type Fact, facts, outline } from '../ui/layout.ts';
import { paletteOf } from '../ui/screen.ts';
import { oneLine, shortPath } from '../ui/text.ts';
import { type CommandContext, invocationOf } from './command-context.ts';
import { type BuiltArchive, type BuiltLock, findBuilt, findLock } from './show/built.ts';

export interface ShowOptions {
  readonly out?: string;
  readonly json?: true;
}

/** The JSON of `mkbase show --json`. */
interface Shown {
  readonly recipe: Omit<Recipe, 'origin' | 'release' | 'fromOrigin' | 'ancestors'>;
  readonly file: string;
  readonly sha256: string;
  readonly builtIn: boolean;
  /** Files of the recipes that it adds to (`extends:`), the nearest first. */
  readonly extends: readonly string[];
  /** Null for a kind that needs no builder. */
  readonly toolchain: { readonly name: string; readonly file: string } | null;
  /** Support of the release that packages come from; null where there is none, or none is known. */
  readonly support: ReleaseSupport | null;
  readonly tag: string;
  readonly outDir: string;
  /** The lock in the output folder: its file, the packages it pins, and its epoch in seconds since 1970. */
  readonly lock: BuiltLock | null;
  /** Image archives in the output folder; every digest is computed from the bytes. */
  readonly built: readonly BuiltArchive[];
}

/** A recipe, and the name of its kind for people. */
interface Found {
  readonly shown: Shown;
  readonly kind: string;
}

async function lookUp(word: string, options: ShowOptions, context: CommandContext): Promise<Found> {
  const { kindOf, loadBuilder, loadRecipe } = await import('../kinds/kinds.ts');
  const { now } = invocationOf(context);
  const loaded = await loadRecipe(word, context.cwd);
  const { origin, release: _, fromOrigin: __, ancestors, base: ___, ...rest } = loaded;
  const files = rest.files.map(({ beside: _, ...file }) => file);
  const recipe = { ...rest, files };
  const toolchain = await loadBuilder(loaded, context.cwd);
  const { defaultOut, defaultTag } = await import('../pipeline/plan.ts');
  const outDir = resolve(context.cwd, options.out ?? defaultOut(loaded, hostPlatform().name));
  const kind = kindOf(recipe.from).title?.(sourceOf(recipe.from)) ?? recipe.from.kind;
  const lock = await findLock(outDir);
  const shown = {
    recipe: withoutUrlSecrets(recipe),
    file: origin.file,
    sha256: origin.sha256,
    builtIn: origin.builtIn,
    extends: ancestors.map(({ file }) => file),
    toolchain: toolchain ? { name: toolchain.name, file: toolchain.origin.file } : null,
    support: kindOf(loaded.from).support?.(sourceOf(loaded.from), now) ?? lock?.support ?? null,
    tag: defaultTag(loaded),
    outDir,
    lock,
    built: await findBuilt(outDir, { emit: () => {}, signal: context.signal }),
  };
  return { shown, kind };
}

const lockLines = ({ lock }: Shown): string[] =>
  lock === null
    ? []
    : [
        [
          ...(lock.packages > 0 ? [plural(lock.packages, 'package')] : []),
          `nothing later than ${isoDate(lock.epoch)}`,
        ].join(', '),
      ];

const isoDate = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000', '');

const builtFacts = ({ file, size, diffIds, manifestDigest }: BuiltArchive): Fact[] => [
  ['built', `${basename(file)}, ${formatBytes(size)}`],
  ['layer', diffIds],
  ['manifest', manifestDigest],
];

/** A digest beside the longest label ends at column 80. */
const labelWidth = 9;

const supportLines = ({ support }: Shown, now: Date): string[] =>
  support === null ? [] : [`${support.title}: ${supportWords(support, now)}`];

function text({ shown, kind }: Found, context: CommandContext): string {
  const { stdout, env, cwd } = context;
  const { recipe, file, builtIn, toolchain, tag, outDir } = shown;
  const palette = paletteOf(stdout, env);
  const rows: Fact[] = [
    ['file', `${shortPath(file, cwd)}${builtIn ? ' (ships with mkbase)' : ''}`],
    ['kind', kind],
    ['release', supportLines(shown, invocationOf(context).now)],
    ['extends', shown.extends.map((each) => shortPath(each, cwd))],
    ['builder', toolchain === null ? [] : [toolchain.name, shortPath(toolchain.file, cwd)]],
    ['tag', tag],
    ['output', `${shortPath(outDir, cwd)}/`],
    ['lock', lockLines(shown)],
    ...shown.built.flatMap(builtFacts),
  ];
  const lines = [
    palette.bold(recipe.name),
    ...(recipe.description === undefined ? [] : [oneLine(recipe.description)]),
    '',
    ...facts(rows, palette, labelWidth),
    '',
    ...outline(recipe),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * `mkbase show`: a recipe with every default filled in, and what was built of it. Errors:
 * RECIPE_NOT_FOUND, RECIPE_INVALID, IMAGE_MISMATCH for a damaged archive in the output folder, IO.
 */
export async function show(
  recipe: string,
  options: ShowOptions,
  context: CommandContext,
): Promise<number> {
  const found = await lookUp(recipe, options, context);
  context.stdout.write(options.json ? `${JSON.stringify(found.shown)}\n` : text(found, context));
  return 0;
}
