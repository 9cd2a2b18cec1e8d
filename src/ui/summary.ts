import { textWidth } from '../base/characters.ts';
import type { Warning } from '../base/events.ts';
import { formatBytes, formatDuration, formatExactBytes } from '../base/format.ts';
import { tally } from '../evidence/test-outcome.ts';
import { outputOf } from '../outputs/outputs.ts';
import type { BuildResult } from '../pipeline/request.ts';
import { type Fact, facts } from './layout.ts';
import { type NextCommandContext, nextCommand } from './next-command.ts';
import { columnsOf, type Palette, paletteOf, type Screen } from './screen.ts';
import { oneLine, padEnd, shortPath, wrap } from './text.ts';

export interface SummaryOptions extends NextCommandContext {
  readonly palette: Palette;
  readonly columns: number;
}

/** A digest beside the longest label ends at column 80. */
export const labelWidth = 9;

type Lines = readonly string[];

function headline(result: BuildResult, palette: Palette): string {
  const { recipe, platform, engine, cached, timings } = result;
  const verb = cached ? 'Unchanged' : 'Built';
  const time = timings.total === undefined ? '' : ` in ${formatDuration(timings.total)}`;
  const text = `${palette.bold(oneLine(recipe))} for ${platform} with ${engine}${time}`;
  return `${palette.green(verb)} ${text}`;
}

const aligned = (cells: readonly Lines[]): Lines => {
  const widths = cells[0]?.map((_, at) => Math.max(...cells.map((c) => textWidth(c[at] ?? ''))));
  return cells.map((line) => line.map((cell, at) => padEnd(cell, widths?.[at] ?? 0)).join('  '));
};

/** Lists the outputs that are not in an engine's store, each with its size. */
export const outputLines = (result: Pick<BuildResult, 'outputs'>, cwd: string): Lines =>
  aligned(
    result.outputs
      // An image in the store is named by its tag already.
      .map((output) => ({ ...output, place: outputOf(output).place }))
      .filter(({ place }) => place !== 'store')
      .map(({ type, dest, size, place }) => [
        type,
        oneLine(place === 'file' ? shortPath(dest, cwd) : dest),
        size === undefined ? '' : formatBytes(size),
      ]),
  );

function tests({ tests }: BuildResult, palette: Palette): Lines {
  if (tests.length === 0) return [];
  const failed = tests.filter(({ passed, notRun }) => !passed && !notRun);
  const allPassed = tests.every(({ passed }) => passed);
  if (failed.length === 0) return [(allPassed ? palette.green : palette.yellow)(tally(tests))];
  return failed.map((test) =>
    palette.red(`failed: ${oneLine(`${test.command}: ${test.problem ?? ''}`)}`),
  );
}

/** Returns a warning and what to do about it, within the columns. */
function warningLines(warning: Warning, width: number, palette: Palette): Lines {
  const message = wrap(oneLine(warning.message), width).map(palette.yellow);
  const advice = warning.advice === undefined ? [] : wrap(oneLine(warning.advice), width);
  return [...message, ...advice];
}

/**
 * Lists what a build made, aligned under one another, ending with the next command to type. Lines are
 * at most `columns` wide (from 80 on) except where cutting would spoil something to copy.
 */
export function summary(result: BuildResult, options: SummaryOptions): string {
  const { palette, columns } = options;
  const next = nextCommand(result, options);
  const stored = result.imageId !== null;
  const rows: Fact[] = [
    ['tag', stored ? result.tags : []],
    ['image', result.imageId ?? []],
    ['layer', result.diffIds],
    ...Object.entries({
      manifest: result.manifestDigest,
      rootfs: formatExactBytes(result.rootfsBytes),
    }),
    ...(result.compressed ?? []).map(
      ({ compression, manifestDigest }): Fact => [compression, manifestDigest],
    ),
    ['output', outputLines(result, options.cwd)],
    ['tests', tests(result, palette)],
    ...result.warnings.map(
      (warning): Fact => ['warning', warningLines(warning, columns - labelWidth, palette)],
    ),
  ];
  const last: Fact[] = next === undefined ? [] : [['next', palette.bold(next)]];
  const lines = [headline(result, palette), '', ...facts(rows, palette, labelWidth)];
  if (last.length > 0) lines.push('', ...facts(last, palette, labelWidth));
  return `${lines.join('\n')}\n`;
}

/** The form of the result on stdout: a text for people, one JSON object, the image's name alone, or nothing. */
export type ResultMode = 'summary' | 'json' | 'id' | 'none';

/** Returns `--quiet`'s one word: the ID in the image store, or the manifest's digest without one. */
export const imageName = (result: BuildResult): string => result.imageId ?? result.manifestDigest;

const nothingNext: NextCommandContext = { cwd: '/', runCommand: '', runnable: true };

/** Returns the result as it is written to `stdout`. */
export function resultText(
  result: BuildResult,
  mode: ResultMode,
  { stdout, env }: { readonly stdout: Screen; readonly env: NodeJS.ProcessEnv },
  context: NextCommandContext = nothingNext,
): string {
  switch (mode) {
    case 'json':
      return `${JSON.stringify(result)}\n`;
    case 'id':
      return `${imageName(result)}\n`;
    case 'none':
      return '';
    case 'summary':
      return summary(result, {
        ...context,
        palette: paletteOf(stdout, env),
        columns: columnsOf(stdout),
      });
  }
}
