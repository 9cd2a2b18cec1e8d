import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { missing, works } from '../support/engines.ts';
import { daemonElsewhere } from '../support/hosts/daemon-elsewhere.ts';
import { foreignHost } from '../support/hosts/host.ts';
import { noSimpleDisk, simpleDisk } from '../support/hosts/simple-disk.ts';
import { cliFile, environment, mkbase, type Run, root } from '../support/mkbase.ts';
import { traces } from '../support/traces.ts';

const noDocker = missing('no Docker daemon answers', works('docker', 'version'));
const noDisk = noSimpleDisk();
const emulates = works('test', '-e', '/proc/sys/fs/binfmt_misc/qemu-aarch64');
const noArm64 =
  noDocker ?? missing('programs of arm64 are not emulated', emulates && process.arch === 'x64');
const noPodman = missing('podman is not installed', works('podman', '--version'));

const why = (reason: string | undefined) => (reason ? ` [left out: ${reason}]` : '');

/** A copy of the recipe `hello` of the user's own, so that its lock lies beside it. */
function helloIn(folder: string): string {
  const recipe = join(folder, 'hello');
  mkdirSync(recipe);
  for (const name of ['recipe.yaml', 'hello.c']) {
    copyFileSync(join(root, 'recipes/hello', name), join(recipe, name));
  }
  return recipe;
}

/** Everything that is below a folder, relative to it. */
const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' });

/** The members of the result that the tests read. */
interface Built {
  readonly platform: string;
  readonly engine: string;
  readonly manifestDigest: string;
  readonly cached: boolean;
  readonly tests: readonly { readonly passed: boolean }[];
}
const builtBy = ({ stdout }: Run): Built => JSON.parse(stdout);

const folder = temporaryFolder();
/** Made on this Linux, by a build that pins what all others then take. */
let recipe: string;
let usual: Built;

beforeAll(async () => {
  if (noDocker !== undefined) return;
  recipe = helloIn(folder);
  const args = ['build', recipe, '--engine', 'docker', '--out', join(folder, 'usual'), '--json'];
  const run = await mkbase(args, { cwd: folder });
  expect(run).toMatchObject({ code: 0 });
  usual = builtBy(run);
});

/** Copies the recipe, with its lock, into a new folder of `parent`. */
function copyTo(parent: string, name: string): string {
  const copy = join(parent, name);
  mkdirSync(copy);
  for (const file of ['recipe.yaml', 'hello.c', 'recipe.lock.json']) {
    copyFileSync(join(recipe, file), join(copy, file));
  }
  return copy;
}

describe.skipIf(noDocker !== undefined)(
  `a system that is not Linux${why(noDocker ?? (noDisk && `a disk without cases, ${noDisk}`))}`,
  () => {
    let disk: ReturnType<typeof simpleDisk> | undefined;
    let work: string;
    let own: string;
    let env: Readonly<Record<string, string>>;
    const run = (...args: string[]) => mkbase(args, { cwd: work, env });

    beforeAll(() => {
      if (noDisk === undefined) disk = simpleDisk(temporaryFolder());
      work = disk?.path ?? temporaryFolder();
      // Recipe, cache and outputs lie on the disk; the state is a user's own, which such a disk cannot say.
      const host = foreignHost(join(folder, 'path'), ['docker']);
      env = { ...host, XDG_CACHE_HOME: join(work, 'cache') };
      own = copyTo(work, 'hello');
    });
    afterAll(() => disk?.remove());

    test('has docker, and no namespaces', async () => {
      const { code, stdout } = await run('doctor');
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^docker +works: docker .*, on linux\/\w+, what --engine auto takes$/m,
      );
      expect(stdout).toMatch(/^namespace +cannot: .*this is macOS$/m);
      expect(stdout).toMatch(/^node +v[\d.]+ for darwin\/\w+$/m);
      const refused = await run('build', own, '--engine', 'namespace');
      expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('this is macOS') });
    });

    test('makes the same image as Linux, and the second time sees that nothing has changed', async () => {
      const args = ['build', own, '--json', '--frozen'];
      const first = await run(...args);
      expect(first).toMatchObject({ code: 0 });
      const { manifestDigest, platform } = usual;
      const same = { manifestDigest, platform, tests: [expect.objectContaining({ passed: true })] };
      expect(builtBy(first)).toMatchObject({ ...same, cached: false });
      expect(builtBy(await run(...args))).toMatchObject({ ...same, cached: true });
    });

    test('writes no two names that differ in case alone, and none that Windows forbids', () => {
      const names = below(work);
      expect(names.length).toBeGreaterThan(20);
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
      expect(names.filter((name) => /[<>:"|?*\\\p{Cc}]|[. ](?:\/|$)/u.test(name))).toEqual([]);
    });

    test('runs the image, verifies it, and finds its lock as it should be', async () => {
      const ran = await run('run', own, '--quiet');
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('Hello from mkbase!') });
      const verified = await run('verify', 'mkbase-out/hello', '--recipe', own);
      expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('no mismatch') });
      const locked = await run('lock', own);
      expect(locked).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing changed') });
    });

    test('tells a name that only a file system without cases finds', async (context) => {
      context.skip(disk === undefined, noDisk);
      const text = readFileSync(join(own, 'recipe.yaml'), 'utf8');
      const mistaken = join(own, 'mistaken.yaml');
      writeFileSync(mistaken, text.replace('hello.c', 'Hello.c'));
      const { code, stderr } = await run('build', mistaken);
      expect(code).toBe(3);
      expect(stderr).toContain('"Hello.c" is called "hello.c"; most systems tell the cases apart');
    });

    test('enters a builder, and leaves nothing of a command that was interrupted', async () => {
      const entered = await run('shell', own, '--', 'uname', '-s');
      expect(entered).toMatchObject({ code: 0, stdout: 'Linux\n' });
      const word = String(randomInt(1_000_000, 9_000_000));
      let pid = 0;
      const ending = mkbase(['shell', own, '--', 'sh', '-c', `sleep ${word}`], {
        cwd: work,
        env,
        onStart: (started) => {
          pid = started;
        },
      });
      const listed = () =>
        execFileSync('docker', ['ps', '--format', '{{.Names}}'], { encoding: 'utf8' });
      await vi.waitFor(() => expect(listed()).toContain(`-${pid}-0-`), { timeout: 60_000 });
      process.kill(pid, 'SIGINT');
      expect(await ending).toMatchObject({ code: 130 });
      const folders = [join(work, 'cache')];
      expect(traces({ engine: 'docker', pids: [pid], folders, word })).toEqual([]);
    });

    test('builds again when a file changes', async () => {
      const child = spawn(process.execPath, [cliFile(), 'watch', own, '--progress', 'plain'], {
        cwd: work,
        env: environment(env),
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
      }
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const turns = () => said.split('Ctrl-C ends it.').length - 1;
      try {
        await vi.waitFor(() => expect(turns()).toBe(1), { timeout: 120_000, interval: 100 });
        const program = join(own, 'hello.c');
        writeFileSync(
          program,
          readFileSync(program, 'utf8').replace('from nothing', 'out of nothing'),
        );
        await vi.waitFor(() => expect(turns()).toBe(2), { timeout: 120_000, interval: 100 });
        expect(said).toContain('hello.c changed.');
        expect(said).not.toMatch(/^error:/m);
        child.kill('SIGINT');
        expect(await ended).toBe(130);
      } finally {
        child.kill('SIGKILL');
        await ended;
      }
    });
  },
);

describe.skipIf(noArm64 !== undefined)(`an engine on another machine${why(noArm64)}`, () => {
  test('has builders of its own platform, and makes images for it', async () => {
    const daemon = await daemonElsewhere(join(folder, 'socket'));
    const env = daemon.env;
    const work = temporaryFolder();
    const own = helloIn(work);
    try {
      const looked = await mkbase(['doctor'], { cwd: work, env });
      expect(looked.stdout).toMatch(/^docker +works: docker .*, on linux\/arm64, what --engine/m);
      const args = ['build', own, '--json'];
      const built = await mkbase(args, { cwd: work, env });
      expect(built).toMatchObject({ code: 0 });
      const tests = [expect.objectContaining({ passed: true })];
      expect(builtBy(built)).toMatchObject({ platform: 'linux/arm64', engine: 'docker', tests });
      const lock = readFileSync(join(own, 'recipe.linux-arm64.lock.json'), 'utf8');
      expect(lock).toContain('_arm64.deb');
      expect(lock).not.toContain('_amd64.deb');
      expect(builtBy(await mkbase(args, { cwd: work, env }))).toMatchObject({ cached: true });
      const uname = await mkbase(['shell', own, '--', 'uname', '-m'], { cwd: work, env });
      expect(uname).toMatchObject({ code: 0, stdout: 'aarch64\n' });
    } finally {
      daemon.close();
    }
  });
});

describe.skipIf(noPodman !== undefined || noDocker !== undefined)(
  `podman that works by a service, as that of a podman machine does${why(noPodman ?? noDocker)}`,
  () => {
    test('makes the same image', async () => {
      const [socket, conf] = [join(folder, 'podman.sock'), join(folder, 'remote.conf')];
      const served = ['system', 'service', '--time', '0', `unix://${socket}`];
      const service = spawn('podman', served, { stdio: 'ignore' });
      const ended = new Promise((resolve) => service.once('exit', resolve));
      writeFileSync(conf, '[engine]\nremote = true\n');
      const env = {
        ...foreignHost(join(folder, 'podman-path'), ['podman']),
        CONTAINERS_CONF: conf,
        CONTAINER_HOST: `unix://${socket}`,
      };
      const work = temporaryFolder();
      try {
        await vi.waitFor(() => works('test', '-S', socket) || Promise.reject(socket));
        const args = ['build', copyTo(work, 'hello'), '--json', '--frozen', '--engine', 'podman'];
        const run = await mkbase(args, { cwd: work, env });
        expect(run).toMatchObject({ code: 0 });
        const { manifestDigest, platform } = usual;
        expect(builtBy(run)).toMatchObject({ engine: 'podman', manifestDigest, platform });
      } finally {
        service.kill('SIGTERM');
        await ended;
      }
    });
  },
);
