import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { folderForEachTest } from '../support/folder.ts';
import { serve } from '../support/http-server.ts';
import { everyEngine } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const folder = folderForEachTest();
/** None of these recipes has anything that is run. */
const [setting] = everyEngine;
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function write(place: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
}

/** A published root filesystem with a user, and a recipe that is made from it. */
function published(work: string): string {
  write(work, { 'root/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n', 'root/readme': 'x\n' });
  const archive = join(work, 'root.tar');
  execFileSync('tar', ['-cf', archive, '-C', join(work, 'root'), '.']);
  const digest = sha256(readFileSync(archive));
  return `epoch: 1\nfrom: { minirootfs: { url: "file://${archive}", sha256: ${digest} } }\n`;
}

async function build(work: string, args: readonly string[] = []) {
  const output = ['--output', 'type=rootfs,dest=rootfs.tar', '--json', '--out', 'out'];
  const cache = join(work, 'cache');
  const engine = ['--engine', setting?.engine ?? 'auto'];
  return mkbase(['build', '.', ...engine, ...output, ...args], {
    cwd: join(work, 'app'),
    env: { XDG_CACHE_HOME: cache },
  });
}

const contentOf = (work: string, path: string) =>
  execFileSync('tar', ['-xOf', join(work, 'app/rootfs.tar'), path], { encoding: 'utf8' });

const names = (work: string) =>
  execFileSync('tar', ['-tf', join(work, 'app/rootfs.tar')], { encoding: 'utf8' }).split('\n');

test.skipIf(!setting)('three recipes on top of one another make one image', async () => {
  const work = folder();
  write(work, {
    'base/recipe.yaml': `name: base\n${published(work)}files: [{ path: /etc/base.conf, source: etc/base.conf }]\n`,
    'base/etc/base.conf': 'of the base\n',
    'slim.yaml':
      'name: slim\nextends: ./base\nslim: [{ drop: /readme, reason: nobody reads it }]\nimage: { env: { A: slim } }\n',
    'app/recipe.yaml':
      'name: app\nextends: ../slim.yaml\nfiles: [{ path: /app, source: app.sh, mode: "0755" }]\naccounts: { users: [{ name: app, uid: 10001 }] }\nimage: { cmd: [/app], user: app }\n',
    'app/app.sh': '#!/bin/sh\n',
  });
  const first = await build(work);
  expect(first, first.stderr).toMatchObject({ code: 0 });
  expect(names(work)).not.toContain('readme');
  expect(contentOf(work, 'etc/base.conf')).toBe('of the base\n');
  expect(contentOf(work, 'etc/passwd')).toContain('\napp:x:10001:');
  expect(contentOf(work, 'app')).toBe('#!/bin/sh\n');

  const again = JSON.parse((await build(work)).stdout) as BuildResult;
  expect(again.cached).toBe(true);
  write(work, { 'base/etc/base.conf': 'edited\n' });
  const edited = JSON.parse((await build(work)).stdout) as BuildResult;
  expect(edited.cached).toBe(false);
  expect(contentOf(work, 'etc/base.conf')).toBe('edited\n');
});

test.skipIf(!setting)(
  'an account that the base has already is refused where it stands',
  async () => {
    const work = folder();
    write(work, {
      'app/recipe.yaml': `name: app\n${published(work)}accounts:\n  users:\n    - { name: app, uid: 0 }\n`,
    });
    const { code, stderr } = await build(work);
    expect(code).toBe(6);
    expect(stderr).toContain('"etc/passwd" has the id 0 already; root has it, app cannot');
    expect(stderr).toMatch(/^recipe\.yaml:6:15$/m);
    expect(stderr).toContain('code: ROOTFS_REFUSED');
    expect(existsSync(join(work, 'app/rootfs.tar'))).toBe(false);
  },
);

const password = 's3cret';

/** Serves one file to whoever knows the password. */
const behindPassword = (bytes: string) =>
  serve((request, response) => {
    const known = `Basic ${Buffer.from(`user:${password}`).toString('base64')}`;
    if (request.headers.authorization !== known) response.writeHead(401).end();
    else response.end(bytes);
  });

const fetching = (work: string, url: string, digest: string) =>
  write(work, {
    'app/recipe.yaml': `name: app\n${published(work)}files: [{ path: /tool, url: "${url}", sha256: ${digest}, mode: "0755" }]\n`,
  });

/** Files below a folder that hold the password. */
const holding = (place: string): string[] =>
  readdirSync(place, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file).includes(password));

test.skipIf(!setting)(
  'a file by URL is fetched with its credentials, which are shown and kept nowhere',
  async () => {
    const work = folder();
    const server = await behindPassword('tool');
    const url = `${server.url.replace('//', `//user:${password}@`)}/tool`;
    fetching(work, url, sha256('tool'));
    const offline = await build(work, ['--offline']);
    expect(offline.code).toBe(4);
    expect(offline.stderr).toContain('code: OFFLINE');
    const built = await build(work);
    expect(built, built.stderr).toMatchObject({ code: 0 });
    expect(contentOf(work, 'tool')).toBe('tool');
    const lock = JSON.parse(readFileSync(join(work, 'app/out/lock.json'), 'utf8'));
    expect(lock.files).toEqual([{ url: `${server.url}/tool`, sha256: sha256('tool') }]);
    const shown = await mkbase(['show', '.', '--json'], { cwd: join(work, 'app') });
    const said = [offline, built, shown].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    expect(said.join('').includes(password)).toBe(false);
    expect(holding(join(work, 'cache'))).toEqual([]);
    expect(holding(join(work, 'app'))).toEqual([join(work, 'app/recipe.yaml')]);

    await server.close();
    const stored = await build(work, ['--offline', '--no-cache']);
    expect(stored, stored.stderr).toMatchObject({ code: 0 });
  },
);

test.skipIf(!setting)('a file by URL with another digest is refused', async () => {
  const work = folder();
  const server = await behindPassword('something else');
  fetching(work, `${server.url.replace('//', `//user:${password}@`)}/tool`, sha256('tool'));
  const { code, stderr } = await build(work);
  await server.close();
  expect(code).toBe(4);
  expect(stderr).toContain('code: SOURCE_CORRUPT');
  expect(stderr).toContain(sha256('tool'));
  expect(stderr).not.toContain(password);
  expect(existsSync(join(work, 'app/rootfs.tar'))).toBe(false);
});
