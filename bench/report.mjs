// Writes RESULTS.md and its plots out of the results that are kept.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './measure.mjs';
import { plot } from './plot.mjs';
import { keptResult } from './results.mjs';

const few = (number) => number.toFixed(number < 10 ? 2 : number < 100 ? 1 : 0);
const range = (numbers) =>
  `${few(median(numbers))} (${few(Math.min(...numbers))}–${few(Math.max(...numbers))})`;

const plots = {
  size: {
    title: 'Time against the size of the root filesystem',
    x: 'size of the root filesystem, MB',
    y: 'median time, s',
  },
  packages: {
    title: 'Time against the number of packages',
    x: 'packages in the image',
    y: 'median time, s',
  },
};

const valuesOf = ({ turns }, side) => turns.map(({ values }) => values[side]);

/**
 * The rows of a form: mkbase's own, then one for each peer with the ratio of each turn. Sides that are `apart`
 * are mkbase's own, too, and sides with a `sum` are compared with that alone.
 */
function rowsOf(name, form, result) {
  const [ours, ...peers] = result.sides;
  const own = valuesOf(result, ours);
  const unit = form.unit ?? 's';
  const cells = (side, numbers, ratio = '', asked = '') =>
    `| \`${name}\` | ${side} | ${range(numbers)} ${unit} | ${ratio} | ${asked} |`;
  const most = (numbers) =>
    form.most === undefined ? '' : judged(median(numbers), form.most, ` ${unit}`);
  const alone = (side) => cells(side, valuesOf(result, side), '', most(valuesOf(result, side)));
  if (form.apart) return result.sides.map(alone);
  const against = (side, numbers) => {
    const ratios = own.map((value, turn) => value / numbers[turn]);
    const asked = form.promise === undefined ? '' : judged(median(ratios), form.promise, ' times');
    return cells(side, numbers, range(ratios), asked);
  };
  const rows = [alone(ours)];
  if (form.sum === undefined)
    return [...rows, ...peers.map((each) => against(each, valuesOf(result, each)))];
  const sums = result.turns.map(({ values }) => peers.reduce((sum, each) => sum + values[each], 0));
  const parts = peers.map((each) => cells(each, valuesOf(result, each)));
  return [...rows, ...parts, against(form.sum, sums)];
}

const judged = (found, most, unit) =>
  `at most ${most}${unit}${found <= most ? '' : ': **not reached**'}`;

function aboutOf(name, { turns, date, machine, sources }) {
  const [load, busy] = ['load', 'busy'].map((key) => turns.map((turn) => turn[key]));
  const others = `${(median(busy) * 100).toFixed(0)} % (at most ${(Math.max(...busy) * 100).toFixed(0)} %)`;
  return {
    row: `| \`${name}\` | ${turns.length} | ${range(load)} | ${others} | ${date.slice(0, 16)} |`,
    machine,
    sources,
  };
}

/** Writes the plots for which there are at least two points; returns lines that show them. */
function writePlots(kept) {
  return Object.entries(plots).flatMap(([kind, words]) => {
    const results = kept.filter(({ form }) => form.plot === kind).map(({ result }) => result);
    if (results.length < 2) return [];
    const series = results[0].sides.map((name, index) => ({
      name,
      points: results.map((result) => [result.x, median(valuesOf(result, result.sides[index]))]),
    }));
    writeFileSync(join(import.meta.dirname, `${kind}.svg`), plot({ ...words, series }));
    return ['', `![${words.title}](${kind}.svg)`];
  });
}

/** Writes RESULTS.md out of everything that is kept of these forms. */
export function writeReport(forms) {
  const kept = Object.entries(forms).flatMap(([name, form]) => {
    const result = keptResult(name);
    return result === undefined ? [] : [{ name, form, result }];
  });
  if (kept.length === 0) return;
  const about = kept.map(({ name, result }) => aboutOf(name, result));
  const lines = [
    '# Results',
    '',
    '`npm run bench` writes this file; [README.md](README.md) says what each number is. Median (range) of turns,',
    'in each of which mkbase and its peers ran one after another; a ratio is mkbase divided by the peer.',
    '',
    '| number | side | found | ratio | promised |',
    '| --- | --- | --- | --- | --- |',
    ...kept.flatMap(({ name, form, result }) => rowsOf(name, form, result)),
    ...writePlots(kept),
    '',
    '## How it was measured',
    '',
    ...new Set(about.map(({ machine }) => `- ${machine}`)),
    ...new Set(about.map(({ sources }) => `- sources: ${sources}`)),
    '',
    'Where others used more than a tenth of the processors, the numbers are doubtful.',
    '',
    '| number | turns | load | processors used by others | UTC |',
    '| --- | --- | --- | --- | --- |',
    ...about.map(({ row }) => row),
    '',
  ];
  writeFileSync(join(import.meta.dirname, 'RESULTS.md'), lines.join('\n'));
}
