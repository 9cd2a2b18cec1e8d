import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseScript } from '../../../src/kinds/debootstrap/choose/choose-script.ts';
import { callDebootstrap, standIns } from '../../../src/kinds/debootstrap/debootstrap-shell.ts';
import { makeScript } from '../../../src/kinds/debootstrap/make-script.ts';
import { temporaryFolder } from '../../support/folder.ts';

const parts = `${standIns}${callDebootstrap}`;

/** A folder in place of /build, with a mirror of one file. */
function buildFolder(): string {
  const build = temporaryFolder();
  mkdirSync(join(build, 'mirror/dists/sid'), { recursive: true });
  writeFileSync(join(build, 'mirror/dists/sid/Release'), 'the release');
  return build;
}

function run(build: string, script: string, env: Readonly<Record<string, string>> = {}): string {
  const text = `set -eu\n${parts}${script}`.replaceAll('/build', build);
  return execFileSync('/bin/sh', ['-c', text], {
    cwd: build,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const fetched = (url: string) => `stand_in; /build/bin/wget -q -O got ${url}; cat got`;

describe('what stands in for wget', () => {
  test('serves files of the mirror, whatever mirror debootstrap asks', () => {
    const build = buildFolder();
    const url = 'http://deb.example/debian/dists/sid/Release';
    expect(run(build, fetched(url))).toBe('the release');
  });

  test("remembers the first mirror that was asked, which is the distribution's own", () => {
    const build = buildFolder();
    run(build, fetched('http://deb.example/debian/dists/sid/Release'));
    expect(readFileSync(join(build, 'default-mirror'), 'utf8')).toBe('http://deb.example/debian\n');
  });

  test('fails for a file that the mirror does not have', () => {
    const url = 'http://deb.example/debian/dists/sid/InRelease';
    expect(() => run(buildFolder(), fetched(url))).toThrow();
  });
});

test('what stands in for mount fails, and what stands in for sync does nothing', () => {
  const script = 'stand_in; /build/bin/sync; /build/bin/mount -t proc proc /proc || echo no';
  expect(run(buildFolder(), script)).toBe('no\n');
});

test("debootstrap is called with the stand-ins, the options and a relative's script", () => {
  const build = buildFolder();
  const bin = join(build, 'path');
  mkdirSync(bin);
  const program = join(bin, 'debootstrap');
  writeFileSync(program, `#!/bin/sh\necho "\${PATH%%:*}"\nprintf "<%s>" "$@"\n`);
  chmodSync(program, 0o755);
  const printed = run(build, 'call_debootstrap sid unheard-of /build/root --variant=minbase', {
    PATH: [bin, process.env.PATH].join(delimiter),
  });
  const words = ['--no-check-sig', '--variant=minbase', 'unheard-of', `${build}/root`, '', 'sid'];
  expect(printed).toBe(`${build}/bin\n${words.map((word) => `<${word}>`).join('')}`);
});

test.each([
  ['chooses packages', chooseScript],
  ['makes a root', makeScript],
])('the script that %s is one for a POSIX shell', (_, script) => {
  execFileSync('dash', ['-n'], { input: script });
});
