import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readMarkdown } from '../support/markdown.ts';

const root = resolve(import.meta.dirname, '../..');

test('bench/README.md has a line for each number, in the order in which they are measured', () => {
  const listed = execFileSync(process.execPath, ['bench/bench.mjs', '--list'], { cwd: root });
  const rows = [...readMarkdown('bench/README.md').matchAll(/^\| `([\w-]+)` \|/gm)];
  expect(rows.map(([, name]) => name)).toEqual(listed.toString().trim().split('\n'));
});
