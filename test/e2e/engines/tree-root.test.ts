import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { treeCapabilities } from '../../../src/engines/step.ts';
import type { BuildResult } from '../../../src/pipeline/request.ts';
import { readContent } from '../../../src/tar/content.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { spoolTar } from '../../../src/tar/read.ts';
import { engineSubject } from '../../support/engine-subject.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { everyEngine, everySetting } from '../support/engines.ts';
import { mkbase } from '../support/mkbase.ts';

/** Programs that need /proc, /sys and /dev, the last as the scripts of an initramfs go about it. */
const honest = `set -e
mkdir /made
cat <(echo x) >/made/substitution
readlink /proc/self/exe >/made/exe
folder=$(mktemp -d)
exec 3>"$folder/list"
echo one >&3
exec 3>&-
cat /dev/fd/0 <"$folder/list" >/made/list
while read -r _ place _; do if [ "$place" = / ]; then echo "$place"; fi; done </proc/mounts |
  head -n 1 >/made/mounts
rm -r "$folder"
head -c 4 /dev/zero | tee /dev/null /dev/stderr >/made/zeros
[ -d /sys/kernel ]
cat /etc/hosts >/made/hosts
ln /made/hosts /made/again
`;

/**
 * Leaves what it can wherever the engine or the step has something of its own, replaces the tree's
 * tools and its loader, and leaves processes, one of which waits until the tree is being packed.
 */
const hostile = `
for place in /proc /proc/sys/kernel /sys /dev /dev/shm /.mkbase-step /.mkbase-step/lib; do
  echo evil >"$place/evil"
done
mkdir /proc/evil-folder /sys/evil-folder /dev/evil-folder
ln -s evil /dev/evil-link
for file in hosts hostname resolv.conf; do echo evil >>"/etc/$file"; done
echo evil >/proc/1/fd/1
(until [ -e /.mkbase-clock ]; do :; done; echo evil >/made/evil-late) &
(trap '' HUP TERM INT; exec sleep 500) &
printf '#!/bin/false\\n' >/made/false
chmod 755 /made/false
for tool in tar rm date env cat cp; do ln -f /made/false "/usr/bin/$tool"; done
loader=$(echo /lib64/ld-linux-*)
mv "$loader" "$loader.away" && echo broken >"$loader"
`;

const recipe = `name: tree-root
from:
  debs: { suite: trixie, packages: [bash, coreutils, tar] }
files:
  - { path: /etc/hosts, content: "10.0.0.1 own\\n", mode: "0640" }
  - { path: /etc/resolv.conf, symlink: ../run/resolv.conf }
  - { path: /tmp, directory: true, mode: "1777" }
  - { path: /dev/own, content: own }
  - { path: /honest, source: honest, mode: "0755" }
  - { path: /hostile, source: hostile, mode: "0755" }
run:
  - [bash, /honest]
  - [bash, /hostile]
`;

/** Writes a recipe with its scripts into a folder of its own. */
function recipeFolder(text: string): string {
  const folder = temporaryFolder({ lasting: true, shared: true });
  for (const [name, content] of Object.entries({ honest, hostile, 'recipe.yaml': text })) {
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

async function textIn(tree: readonly Entry[], path: string): Promise<string | undefined> {
  const found = tree.find((entry) => entry.path === path);
  const file = found?.type === 'hardlink' ? tree.find((each) => each.path === found.target) : found;
  return file?.type === 'file' ? (await readContent(file.content)).toString() : file?.type;
}

const usable = everySetting.filter(({ missing }) => !missing);

describe('commands that have the tree as their root', () => {
  const folder = recipeFolder(recipe);
  let tar = '';

  test('leave one tree on every engine, and nothing of the engine or of the step in it', async () => {
    const digests = new Map<string, string>();
    for (const { title, engine, settings } of usable) {
      const where = join(folder, title.replaceAll(' ', '-'));
      const output = ['--output', `type=rootfs,dest=${where}.tar`, '--out', where];
      const args = ['build', folder, '--engine', engine, ...output, '--json'];
      const run = await mkbase(args, { cwd: folder, ...settings() });
      expect(run, `${title}: ${run.stderr}`).toMatchObject({ code: 0 });
      tar = `${where}.tar`;
      digests.set(title, (JSON.parse(run.stdout) as BuildResult).diffId);
    }
    expect(new Set(digests.values()).size, JSON.stringify([...digests])).toBe(1);

    async function* once() {
      yield readFileSync(tar);
    }
    const tree = await spoolTar(once(), join(folder, 'spooled.tar'));
    const made = { substitution: 'x\n', exe: '/usr/bin/readlink\n', list: 'one\n', mounts: '/\n' };
    for (const [name, text] of Object.entries({ ...made, hosts: '10.0.0.1 own\n' })) {
      expect(await textIn(tree, `made/${name}`), name).toBe(text);
    }
    expect(await textIn(tree, 'etc/hosts')).toBe('10.0.0.1 own\n');
    expect(await textIn(tree, 'etc/resolv.conf')).toBe('symlink');
    expect(await textIn(tree, 'etc/hostname')).toBeUndefined();
    const paths = tree.map(({ path }) => path);
    expect(paths.filter((path) => /evil|mkbase|dockerenv|containerenv|mtab/.test(path))).toEqual(
      [],
    );
    expect(paths.filter((path) => /^(dev|proc|sys)\//.test(path))).toEqual(['dev/own']);
  });
});

describe.each(everyEngine.filter(({ missing }) => !missing))('on $engine', ({ engine }) => {
  const own = { capabilities: treeCapabilities, ids: 'range', root: 'own' } as const;

  test('a step that fills a root of its own is stopped', async () => {
    const subject = await engineSubject(engine);
    const script =
      'i=0; while [ $i -lt 300 ]; do head -c 20000000 /dev/zero >/f$i; i=$((i+1)); sleep 0.1; done';
    const argv = ['/bin/sh', '-euc', script] as const;
    const { stdout, message } = await subject.step({ argv, memoryMiB: 64, seconds: 120, ...own });
    await subject.dispose();
    expect(stdout).toBeUndefined();
    expect(message).toMatch(/(wrote|took) more than its limit of 64 MiB|No space left/);
    expect(subject.containers()).toEqual([]);
  });

  // podman mounts all but the last, and the others mount each.
  const path = { docker: '/etc/hosts', namespace: '/etc/hostname', podman: '/etc/resolv.conf' }[
    engine
  ];

  test(`a command cannot take ${path} away`, async () => {
    const text = `${recipe.split('run:')[0]}run:\n  - [rm, -f, ${path}]\n`;
    const folder = recipeFolder(text);
    const run = await mkbase(['build', folder, '--engine', engine], { cwd: folder });
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain(path);
  });
});
