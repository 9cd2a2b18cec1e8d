import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/folder.ts';
import { everyEngine } from './engines.ts';
import { mkbase, type Run, type RunSettings } from './mkbase.ts';

/** A recipe that adds packages of the test's own repository to Alpine's published root filesystem. */
export const webRecipe = `name: alpine-web
description: A web application out of Alpine's packages.
from: { minirootfs: { distro: alpine, release: "3.20" } }
packages: [webapp, special]
image: { cmd: [webapp], user: webapp, expose: ["8080"] }
test: [{ run: [apk, info, -ev, webapp], stdout: webapp-1.2.3-r1 }]
`;

/** What Alpine's minirootfs is made of, out of its packages; `key` is a file beside the recipe. */
export const rootRecipe = (key: string): string => `name: alpine-root
description: A root made by apk.
from:
  apk:
    branch: "3.20"
    packages: [alpine-baselayout, alpine-keys, alpine-release, apk-tools, busybox, libc-utils]
    keys: ["${key}"]
image: { cmd: [/bin/sh] }
test: [{ run: [apk, info, -ev, musl], stdout: musl-1.2.5-r0 }]
`;

/** The engine that tests use which do not compare engines. */
export const engineArgs = ['--engine', everyEngine[0]?.engine ?? 'auto'];

/** The release of the test's mirror has no signature. */
export const allowUnsigned = ['--allow', 'unsigned-archive'];

/** A folder for all that the tests of a file build, which an ordinary user can write to as well. */
export function buildsFolder() {
  const work = temporaryFolder({ shared: true });

  /** A recipe and files beside it in a folder of its own; resolves to that. */
  function recipe(name: string, text: string, beside: Readonly<Record<string, string>> = {}) {
    const folder = join(work, name);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
    for (const [file, content] of Object.entries({ 'recipe.yaml': text, ...beside })) {
      writeFileSync(join(folder, file), content);
    }
    return folder;
  }

  /** Builds what is in a folder from a mirror; its lock and files are in `out` there. */
  function run(
    [folder = '', ...args]: readonly string[],
    mirror: string,
    settings: Omit<RunSettings, 'cwd'> = {},
  ): Promise<Run> {
    const env = { ...settings.env, MKBASE_ALPINE_MIRROR: mirror };
    const all = ['build', folder, ...args, '--out', join(folder, 'out'), '--json'];
    return mkbase(all, { cwd: work, ...settings, env });
  }

  /** The files of an archive, unpacked by GNU tar. */
  function unpacked(tar: string, name: string): string {
    const folder = join(work, name);
    mkdirSync(folder);
    execFileSync('tar', ['-xpf', tar, '-C', folder]);
    return folder;
  }

  return { work, recipe, run, unpacked };
}

export const lines = (text: string): string[] => text.split('\n').filter(Boolean);

/** Name, mode, owner and size of everything in an archive; not when it was changed. */
export function listing(tar: string): string[] {
  const text = execFileSync('tar', ['--numeric-owner', '-tvf', tar], { encoding: 'utf8' });
  const line = /^(\S+) +(\S+) +(\S+) +\S+ +\S+ (?:\.\/)?(.*)$/gm;
  return [...text.matchAll(line)]
    .filter(([, , , , name]) => name !== '')
    .map(([, mode, owner, size, name]) => `${name} ${mode} ${owner} ${size}`)
    .sort();
}

/** A lock, as JSON. */
export const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
