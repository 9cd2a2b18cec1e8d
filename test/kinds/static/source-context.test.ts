import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { packContext } from '../../../src/kinds/static/source-context.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'recipe', 'include'), { recursive: true });
  writeFileSync(join(folder, 'recipe', 'main.c'), 'int main(void) { return 0; }\n');
  writeFileSync(join(folder, 'recipe', 'include', 'a.h'), '#define A 1\n');
});

let turn = 0;
async function pack(paths: readonly string[], added = {}): Promise<Buffer> {
  turn += 1;
  const staging = join(folder, `staging-${turn}`);
  mkdirSync(staging);
  const chunks: Uint8Array[] = [];
  const context = { folder: join(folder, 'recipe'), paths, added };
  for await (const chunk of packContext(context, staging)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const names = (tar: Buffer) =>
  execFileSync('tar', ['-tf', '-'], { input: tar }).toString().trim().split('\n').sort();

test("the recipe's files go below src/, what mkbase adds stands beside it", async () => {
  const tar = await pack(['main.c', 'include'], { 'build.sh': 'true\n' });
  expect(names(tar)).toEqual([
    './',
    './build.sh',
    './src/',
    './src/include/',
    './src/include/a.h',
    './src/main.c',
  ]);
});

test('times and umask of the files do not show in the bytes', async () => {
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const before = digest(await pack(['main.c']));
  utimesSync(join(folder, 'recipe', 'main.c'), 1, 1);
  chmodSync(join(folder, 'recipe', 'main.c'), 0o600);
  expect(digest(await pack(['main.c']))).toBe(before);
});

test('hard links among the sources arrive as whole files', async () => {
  linkSync(join(folder, 'recipe', 'include', 'a.h'), join(folder, 'recipe', 'include', 'b.h'));
  const tar = await pack(['include', 'main.c']);
  for (const name of ['a.h', 'b.h']) {
    const text = execFileSync('tar', ['-xOf', '-', `./src/include/${name}`], { input: tar });
    expect(text.toString()).toBe('#define A 1\n');
  }
  expect(names(tar)).toContain('./src/main.c');
});

test('a source that is a link out of the recipe folder is refused and never read', async () => {
  writeFileSync(join(folder, 'secret'), 'secret');
  symlinkSync('../secret', join(folder, 'recipe', 'leak.c'));
  await expect(pack(['leak.c'])).rejects.toMatchObject({ code: 'RECIPE_INVALID' });
});
