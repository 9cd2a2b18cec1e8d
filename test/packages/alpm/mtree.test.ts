import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toByteString } from '../../../src/base/byte-string.ts';
import { parseMtree } from '../../../src/packages/alpm/mtree.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { sha256Of } from '../../support/store.ts';

test('what libarchive writes is read, odd names too', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'usr'));
  const names = ['plain', 'with space', 'back\\slash', 'ümlaut', '#hash', 'equals=sign'];
  for (const name of names) writeFileSync(join(folder, 'usr', name), name);
  symlinkSync('with space', join(folder, 'usr/link'));
  const options = '!all,use-set,type,uid,gid,mode,time,size,sha256,link';
  const text = execFileSync(
    'bsdtar',
    ['-cf', '-', '--format=mtree', `--options=${options}`, 'usr'],
    { cwd: folder },
  ).toString('latin1');
  const found = parseMtree(text);
  expect(found.size).toBe(names.length + 1);
  for (const name of names) {
    expect(found.get(toByteString(`usr/${name}`))).toEqual({
      type: 'file',
      algorithm: 'sha256',
      digest: sha256Of(name),
    });
  }
  expect(found.get(toByteString('usr/link'))).toEqual({ type: 'symlink', target: 'with space' });
});

test.each([['usr/x type=file'], ['#mtree\nusr/x type=file']])('%j is refused', (text) => {
  expect(() => parseMtree(text)).toThrow(SyntaxError);
});

test('defaults of other keywords cost no memory and no time', { timeout: 20_000 }, () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, at) => `/set a${at}=1\n./f${at} type=link link=x\n`,
  );
  const found = parseMtree(`#mtree\n${lines.join('')}`);
  expect(found.size).toBe(20_000);
  expect(found.get('f0')).toEqual({ type: 'symlink', target: 'x' });
});
