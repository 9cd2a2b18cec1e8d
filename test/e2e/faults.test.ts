import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { type SecondDaemon, secondDaemon } from './support/docker-daemon.ts';
import { everySetting } from './support/engines.ts';
import { tamperedMirror } from './support/mirror.ts';
import { mkbase, type Run } from './support/mkbase.ts';

let work: string;
beforeEach(() => {
  work = temporaryFolder();
  chmodSync(work, 0o755);
});
afterEach(() => {
  // What a daemon that was killed had mounted is still there.
  execFileSync('sh', [
    '-c',
    'grep -o " $0/[^ ]*" /proc/mounts | sort -r | xargs -r -n1 umount -l',
    work,
  ]);
});

const tag = 'mkbase/fault:latest';

function isTagged(): boolean {
  return execFileSync('docker', ['images', '-q', tag]).toString().trim() !== '';
}

/** A clear error: its code, a hint, the exit code; nothing tagged, nothing left. */
function expectClean(run: Run, code: string, exitCode: number): void {
  expect(run.stdout).toBe('');
  expect(run.stderr).toContain(`code: ${code}`);
  expect(run.stderr).toMatch(/^hint: ./m);
  expect(run.code).toBe(exitCode);
  expect(isTagged()).toBe(false);
  const containers = execFileSync('docker', ['ps', '-aq', '--filter', 'label=org.mkbase.run']);
  expect(containers.toString()).toBe('');
}

/** Nothing half-written stays in a cache. */
function expectNoLeftovers(cache: string): void {
  expect(readdirSync(join(cache, 'mkbase/tmp'))).toEqual([]);
}

/** Kills the daemon once it holds a good part of a layer of 600 MB. */
async function killWhenWriting(daemon: SecondDaemon, data: string): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    const used = execFileSync('du', ['-sm', data]).toString();
    if (Number.parseInt(used, 10) > 100) break;
    await pause(20);
  }
  await daemon.kill();
}

const base = ['distroless-static', '--engine', 'docker', '--tag', tag, '--out', 'out'];

describe('the mirror', () => {
  test('a forged InRelease is refused before anything of it is used', async () => {
    const mirror = await tamperedMirror((path, bytes) =>
      path.endsWith('trixie/InRelease')
        ? Buffer.from(bytes.toString().replace(/^ [0-9a-f]{64}/m, ` ${'0'.repeat(64)}`))
        : undefined,
    );
    const env = { ...mirror.env, XDG_CACHE_HOME: join(work, 'cache') };
    const run = await mkbase(base, { cwd: work, env });
    await mirror.close();
    expectClean(run, 'SOURCE_UNTRUSTED', 4);
    expect(run.stderr).toContain('dists/trixie/InRelease');
    expectNoLeftovers(join(work, 'cache'));
  });

  test('a package with a wrong hash is refused with both hashes and its URL', async () => {
    const mirror = await tamperedMirror((path, bytes) => {
      if (!/\/netbase_[^/]*\.deb$/.test(path)) return undefined;
      const flipped = Buffer.from(bytes);
      flipped[1000] = (flipped[1000] ?? 0) ^ 1;
      return flipped;
    });
    const env = { ...mirror.env, XDG_CACHE_HOME: join(work, 'cache') };
    const run = await mkbase(base, { cwd: work, env });
    await mirror.close();
    expectClean(run, 'SOURCE_CORRUPT', 4);
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toMatch(/expected.* [0-9a-f]{64}.*[0-9a-f]{64}/);
    expect(run.stderr).toMatch(/netbase_[^/\s]*\.deb/);
    expectNoLeftovers(join(work, 'cache'));
  });

  test('a line that is cut again and again ends in a clear error, and the next run succeeds', async () => {
    const mirror = await tamperedMirror(() => undefined, { cut: true });
    const env = { XDG_CACHE_HOME: join(work, 'cache') };
    const run = await mkbase(base, { cwd: work, env: { ...env, ...mirror.env } });
    await mirror.close();
    expectClean(run, 'SOURCE_UNREACHABLE', 4);
    expectNoLeftovers(join(work, 'cache'));
    expect(await mkbase(base, { cwd: work, env })).toMatchObject({ code: 0 });
    execFileSync('docker', ['rmi', tag]);
  });
});

describe('the machine', () => {
  const isRoot = process.getuid?.() === 0;

  test.skipIf(!isRoot)(
    'a full disk is named, and once there is room the same command succeeds',
    async () => {
      const small = join(work, 'small');
      mkdirSync(small);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', small]);
      try {
        const run = await mkbase(base, { cwd: work, env: { XDG_CACHE_HOME: small } });
        expectClean(run, 'NO_SPACE', 9);
        expectNoLeftovers(small);
        execFileSync('mount', ['-o', 'remount,size=300m', small]);
        const again = await mkbase(base, { cwd: work, env: { XDG_CACHE_HOME: small } });
        expect(again).toMatchObject({ code: 0 });
        execFileSync('docker', ['rmi', tag]);
      } finally {
        execFileSync('umount', [small]);
      }
    },
  );

  test('no engine: each is listed with its reason and its cure', async () => {
    // A user namespace in which there may be no further one, and a PATH without any CLI.
    const forbid = 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"';
    const run = await mkbase(['hello'], {
      cwd: work,
      env: { PATH: join(work, 'empty') },
      through: ['/usr/bin/unshare', '--user', '--map-root-user', '/bin/sh', '-c', forbid, 'sh'],
    });
    expect(run.code).toBe(5);
    expect(run.stdout).toBe('');
    for (const engine of ['docker', 'podman', 'namespace']) {
      expect(run.stderr).toMatch(new RegExp(`^ *${engine}: .+`, 'm'));
    }
    expect(run.stderr).toContain('code: NO_ENGINE');
  });

  test.skipIf(!isRoot)('a daemon that dies in an import: nothing is tagged', async () => {
    const recipe = join(work, 'big');
    mkdirSync(recipe);
    execFileSync('truncate', ['-s', '600M', join(recipe, 'zeros')]);
    writeFileSync(
      join(recipe, 'recipe.yaml'),
      'name: big\nfrom:\n  debs: { packages: [netbase] }\nfiles:\n  - { path: /zeros, source: zeros }\n',
    );
    const data = join(work, 'data');
    const first = await secondDaemon(join(work, 'first'), data);
    const run = await mkbase(['./big', '--engine', 'docker'], {
      cwd: work,
      env: first.env,
      onStart: () => void killWhenWriting(first, data),
    });
    expect(run.code).toBe(5);
    expect(run.stderr).toContain('code: ENGINE_FAILED');
    expect(run.stderr).toMatch(/^hint: ./m);
    expect(run.stdout).toBe('');
    const again = await secondDaemon(join(work, 'again'), data);
    const env = { ...process.env, ...again.env };
    const images = execFileSync('docker', ['images', '-q'], { env });
    await again.end();
    expect(images.toString()).toBe('');
  });
});

describe('the recipe', () => {
  test('one that cannot be read says so', async () => {
    const user = everySetting.find(({ title }) => title.includes('ordinary user'));
    const file = join(work, 'recipe.yaml');
    writeFileSync(file, 'name: secret\n', { mode: 0o600 });
    const run = await mkbase([file], { cwd: '/', ...user?.settings() });
    expect(run.code).toBe(9);
    expect(run.stderr).toMatch(/recipe\.yaml/);
    expect(run.stderr).toMatch(/EACCES|permission/i);
    expect(run.stderr).toMatch(/^hint: ./m);
  });

  test('a program that links dynamically is refused with its loader and libraries', async () => {
    const project = join(work, 'dynamic-1.0');
    mkdirSync(project);
    writeFileSync(join(project, 'main.c'), 'int main(void) { return 0; }\n');
    writeFileSync(join(project, 'Makefile'), 'dynamic: main.c\n\tgcc -o dynamic main.c\n');
    const archive = join(work, 'dynamic-1.0.tar.gz');
    execFileSync('tar', ['-C', work, '-czf', archive, 'dynamic-1.0']);
    const sha256 = execFileSync('sha256sum', [archive]).toString().slice(0, 64);
    writeFileSync(
      join(work, 'recipe.yaml'),
      `name: fault
from:
  static:
    toolchain: gcc-glibc
    archive: { url: "file://${archive}", sha256: ${sha256} }
    build: [[make]]
    programs: { dynamic: /dynamic }
`,
    );
    const run = await mkbase(['./recipe.yaml', '--engine', 'docker', '--out', 'out'], {
      cwd: work,
    });
    expectClean(run, 'BUILD_OUTPUT', 6);
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toMatch(/PT_INTERP.*libc\.so\.6.*DT_NEEDED/);
  });

  test("the compiler's own words come through when it fails", async () => {
    writeFileSync(join(work, 'main.c'), 'int main(void) { return x; }\n');
    writeFileSync(
      join(work, 'recipe.yaml'),
      'name: fault\nfrom:\n  static: { toolchain: gcc-nolibc, sources: [main.c] }\n',
    );
    const run = await mkbase(['./recipe.yaml', '--engine', 'docker'], { cwd: work });
    expectClean(run, 'BUILD_FAILED', 6);
    expect(run.stderr).toMatch(/main\.c:1:25: error: .x. undeclared/);
  });

  test('a smoke test that fails fails the build, and the old tag stays where it was', async () => {
    const recipe = (text: string) =>
      writeFileSync(
        join(work, 'recipe.yaml'),
        `name: fault\nfrom:\n  debs: { packages: [netbase] }\nfiles:\n  - { path: /x, content: "${text}" }\nimage: { cmd: [/no-such-program] }\n${text === 'new' ? 'test: [{ run: [] }]\n' : ''}`,
      );
    const id = () => execFileSync('docker', ['images', '-q', '--no-trunc', tag]).toString();
    const args = ['./recipe.yaml', '--engine', 'docker', '--out', 'out'];
    recipe('old');
    expect(await mkbase(args, { cwd: work })).toMatchObject({ code: 0 });
    const before = id();
    recipe('new');
    const run = await mkbase(args, { cwd: work });
    expect(run.code).toBe(8);
    expect(run.stderr).toContain('code: TEST_FAILED');
    expect(id()).toBe(before);
    const dangling = [
      'images',
      '-q',
      '--filter',
      'dangling=true',
      '--filter',
      'label=io.mkbase.recipe=fault',
    ];
    expect(execFileSync('docker', dangling).toString()).toBe('');
    execFileSync('docker', ['rmi', tag]);
  });
});
