import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSums, sumsText } from '../../src/evidence/sums.ts';
import { temporaryFolder } from '../support/folder.ts';

const names = ['trust/trust.json', 'lock.json', 'sbom.cdx.json'];

test('sha256sum checks what is written, and the lines are sorted by name', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, dirname('trust/trust.json')));
  const sums = names.map((name) => {
    writeFileSync(join(folder, name), name);
    return { name, sha256: createHash('sha256').update(name).digest('hex') };
  });
  const text = sumsText(sums);
  writeFileSync(join(folder, 'SHA256SUMS'), text);
  const check = () =>
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: folder,
      stdio: 'pipe',
    });
  expect(check().toString()).toBe('lock.json: OK\nsbom.cdx.json: OK\ntrust/trust.json: OK\n');
  expect(parseSums(text)).toEqual({ sums: [sums[1], sums[2], sums[0]], bad: [] });
  writeFileSync(join(folder, 'lock.json'), 'changed');
  expect(check).toThrow();
});

const digest = 'a'.repeat(64);

test.each([
  ['a name that leads out', `${digest}  ../a\n`, [1]],
  ['a name with a dot part', `${digest}  a/./b\n`, [1]],
  ['an absolute name', `${digest}  /a\n`, [1]],
  ['an escaped name', `\\${digest}  a\\nb\n`, [1]],
  ['binary mode', `${digest} *a\n`, [1]],
  ['capital digits', `${'A'.repeat(64)}  a\n`, [1]],
  ['a name twice', `${digest}  a\n${digest}  a\n`, [2]],
  ['another order', `${digest}  b\n${digest}  a\n`, [2]],
  ['no end', `${digest}  a`, [1]],
  ['an empty line', `${digest}  a\n\n`, [2]],
])('%s is told by its line', (_, text, bad) => {
  expect(parseSums(text).bad).toEqual(bad);
});
