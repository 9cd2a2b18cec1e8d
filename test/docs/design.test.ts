import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { engineNames } from '../../src/engines/engine.ts';
import { readMarkdown } from '../support/markdown.ts';

const root = resolve(import.meta.dirname, '../..');

/** The first cells of the table whose heading row begins with `heading`. */
function firstColumn(markdown: string, heading: string): string[] {
  const [, table = ''] =
    new RegExp(`^\\| ${heading} .*\\n\\|[ -|]+\\n((?:\\|.*\\n)+)`, 'm').exec(markdown) ?? [];
  return [...table.matchAll(/^\| (.*?) +\|/gm)].map(([, cell = '']) => cell.replaceAll('`', ''));
}

test('docs/design.md has a row for every room, in the order that the architecture test holds', () => {
  const shown = firstColumn(readMarkdown('docs/design.md'), 'room');
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect([...shown].sort()).toEqual(folders.sort());
  const architecture = readFileSync(join(root, 'test/architecture.test.ts'), 'utf8');
  const [, held = ''] = /const rows: [^=]*= \[\n([\s\S]*?)\n\];/.exec(architecture) ?? [];
  expect(shown).toEqual([...held.matchAll(/'(\w+)'/g)].map(([, room]) => room));
});

test('docs/design.md has a row for every engine, in the order in which they are asked', () => {
  expect(firstColumn(readMarkdown('docs/design.md'), 'engine')).toEqual([...engineNames]);
});

test('docs/reproducibility.md says exactly what the test varies', () => {
  const markdown = readMarkdown('docs/reproducibility.md');
  const repro = readFileSync(join(root, 'test/e2e/support/varied-builds.ts'), 'utf8');
  const listed = (row: string) => {
    const [, cell = ''] = new RegExp(`^\\| ${row} +\\|(.*)\\|$`, 'm').exec(markdown) ?? [];
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, value]) => value);
  };
  const varied = (name: string) => {
    const [, list = ''] = new RegExp(`const ${name} = \\[('[^\\]]*)\\]`).exec(repro) ?? [];
    return [...list.matchAll(/'([^']+)'/g)].map(([, value]) => value);
  };
  expect(listed('time zone')).toEqual(varied('zones'));
  expect(listed('locale')).toEqual(varied('locales'));
  expect(listed('umask')).toEqual(varied('masks'));
  expect(listed('date')).toEqual(varied('days'));
  const majors = /const majors = \[([^\]]*)\]/.exec(repro)?.[1] ?? '';
  expect(listed('Node.js')).toEqual([...majors.matchAll(/'(\d+)'/g)].map(([, major]) => major));
});
