import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mostMembers, treeName, treeProblem, walkTree } from '../../src/base/folder-tree.ts';
import { alwaysIgnored } from '../../src/base/ignoring.ts';
import { temporaryFolder } from '../support/folder.ts';
import { writeTree } from '../support/recipe.ts';

async function pathsIn(folder: string, ignore: readonly string[] = []): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of walkTree(folder, ignore)) paths.push(path);
  return paths;
}

describe('walkTree', () => {
  test('lists parents first, names in byte order, a folder whole before the next name', async () => {
    const folder = temporaryFolder();
    await writeTree(folder, { 'b/z.c': '', 'b/a/x.c': '', 'b.c': '', Z: '', 'é.c': '' });
    expect(await pathsIn(folder)).toEqual(['Z', 'b', 'b/a', 'b/a/x.c', 'b/z.c', 'b.c', 'é.c']);
  });

  test('leaves out what version control and mkbase leave, unless a pattern takes it back', async () => {
    const folder = temporaryFolder();
    await writeTree(folder, {
      '.git/HEAD': '',
      'lib/.git': 'gitdir: elsewhere',
      'mkbase-out/x/image.tar': '',
      'recipe.lock.json': '',
      'package-lock.json': '',
      'recipe.lock.sigstore.json': '',
      'main.c': '',
    });
    expect(await pathsIn(folder)).toEqual(['lib', 'main.c', 'package-lock.json']);
    const own = await pathsIn(folder, ['lib/', '!recipe.lock.json']);
    expect(own).toEqual(['main.c', 'package-lock.json', 'recipe.lock.json']);
  });

  test.each([
    [['*.o', '!keep.o']],
    [['/build/', 'docs/**/*.md']],
    [['**/cache', 'src/*', '!src/main.c']],
    [['doc?/', 'SRC', '[a-c].txt', '\\!odd', 'trailing\\ ']],
    [['build', '!build/keep.o']],
  ])('understands %j as git does', async (patterns) => {
    const folder = temporaryFolder();
    const names = [
      ...['main.o', 'keep.o', 'build/x.o', 'build/keep.o', 'src/build/y.o', 'src/main.c'],
      ...['src/sub/z.c', 'docs/a.md', 'docs/en/b.md', 'docs/en/cache/c', 'a.txt', 'd.txt'],
      ...['!odd', 'trailing ', 'build.c'],
    ];
    await writeTree(folder, Object.fromEntries(names.map((name) => [name, ''])));
    const file = join(temporaryFolder(), 'patterns');
    writeFileSync(file, [...alwaysIgnored, ...patterns].join('\n'));
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    const listed = execFileSync('git', ['ls-files', '-z', '--others', `--exclude-from=${file}`], {
      cwd: folder,
      encoding: 'utf8',
    });
    const files = (await pathsIn(folder, patterns)).filter((path) => names.includes(path));
    expect(files.sort()).toEqual(listed.split('\0').filter(Boolean).sort());
  });
});

describe('treeProblem', () => {
  test('takes links that stay in the folder, also to what is not there yet', async () => {
    const folder = temporaryFolder();
    await writeTree(folder, { 'src/main.c': '' });
    symlinkSync('../src', join(folder, 'src/again'));
    symlinkSync('generated.h', join(folder, 'src/config.h'));
    symlinkSync('.', join(folder, 'here'));
    expect(await treeProblem(folder, [])).toBeUndefined();
  });

  test.each(['/etc/passwd', '../../secret', '..', 'sub/../../../x'])(
    'refuses a link to %s, unless it is ignored',
    async (target) => {
      const folder = temporaryFolder();
      await writeTree(folder, { 'src/main.c': '' });
      const link = target === '..' ? 'leak' : 'src/leak';
      symlinkSync(target, join(folder, link));
      const problem = `"${link}" is a link that leaves the folder, to "${target}"`;
      expect(await treeProblem(folder, [])).toBe(problem);
      expect(await treeProblem(folder, ['leak'])).toBeUndefined();
    },
  );

  test('refuses pipes, names that are not UTF-8, and a folder of nothing', async () => {
    const folder = temporaryFolder();
    expect(await treeProblem(folder, [])).toBe('it holds nothing that is not ignored');
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await treeProblem(folder, [])).toBe('"pipe" is neither a file, a folder nor a link');
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff])]), '');
    expect(await treeProblem(folder, [])).toMatch(/^the name of .* is not UTF-8$/);
  });

  test('has a limit far beyond any program', () => {
    expect(mostMembers).toBeGreaterThan(90_000);
  });
});

test('a tree is named with a slash at its end', () => {
  expect(['.', './', 'src', 'a/b/'].map(treeName)).toEqual(['./', './', 'src/', 'a/b/']);
});
