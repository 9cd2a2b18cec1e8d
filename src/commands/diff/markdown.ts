import { plural } from '../../base/format.ts';
import type { Difference } from '../../base/json-differences.ts';
import { type DiffReport, isSame } from '../../diff/diff.ts';
import { oneLine } from '../../ui/text.ts';
import { type Drift, driftOf, fieldsOf, markOf, nameOf } from './sections.ts';

/** Writes a cell as code; characters that would end the cell or the code become entities. */
const code = (text: string): string => {
  const clean = oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('|', '&#124;');
  return clean === '' ? '' : `<code>${clean}</code>`;
};

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

const pairs = (title: string, found: readonly Difference[]): string[] =>
  found.length === 0
    ? []
    : [
        `### ${title}`,
        table(
          ['Field', 'Old', 'New'],
          found.map(({ field, claimed, computed }) => [code(field), code(claimed), code(computed)]),
        ),
      ];

const packages = ({ packages: changes }: DiffReport): string[] =>
  changes.length === 0
    ? []
    : [
        '### Inputs',
        table(
          ['In', 'Input', 'Old', 'New'],
          changes.map(({ set, name, before = '', after = '' }) =>
            [set, name, before, after].map(code),
          ),
        ),
      ];

function drift({ cause, reason, paths }: Drift): string[] {
  const rows = paths.map((path) => [
    markOf(path),
    code(nameOf(path)),
    code(fieldsOf(path)),
    code(path.detail),
  ]);
  return [
    `<details${cause === 'unexplained' ? ' open' : ''}><summary>${plural(paths.length, 'path')}: ${cause}. ${reason}</summary>`,
    table(['', 'Path', 'Fields', 'Because of'], rows),
    '</details>',
  ];
}

/** Writes a comparison as GitHub-flavoured Markdown, for a pull request. */
export function diffMarkdown(report: DiffReport): string {
  const { one, other, digests, recipe, config, missing } = report;
  const parts = [
    `## ${code(one)} → ${code(other)}`,
    ...(isSame(report) ? [`Identical: ${report.compared.join(', ')}.`] : []),
    ...packages(report),
    ...driftOf(report).flatMap(drift),
    ...pairs('Config', config),
    ...pairs('Recipe', recipe),
    ...pairs('Digests', digests),
    ...missing.map((line) => `Not compared: ${oneLine(line)}.`),
  ];
  return `${parts.join('\n\n')}\n`;
}
