import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../src/base/package-root.ts';
import { temporaryFolder } from './support/folder.ts';
import { bundle } from './support/ui/bundle.ts';

let cli: { folder: string; program: string };
let home: string;
beforeAll(async () => {
  cli = await bundle('src/cli.ts');
  home = temporaryFolder();
}, 60_000);

/** Runs a shell line in which `mkbase` is the bundled program. */
async function sh(line: string): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  const script = `mkbase() { '${process.execPath}' '${cli.program}' "$@"; }; ${line}`;
  const child = spawn('bash', ['-c', script], {
    env,
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, stdout, stderr };
}

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  expect(await sh('mkbase --version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test('without a word, usage goes to stderr and the exit code is 2', async () => {
  const { exitCode, stdout, stderr } = await sh('mkbase');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: mkbase <recipe\.\.\.>/);
});

test('help goes to stdout and is no failure', async () => {
  const { exitCode, stdout } = await sh('mkbase help build');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Usage: mkbase build/);
});

describe('errors', () => {
  test('go to stderr, with hint, code and exit code', async () => {
    expect(await sh('mkbase hello --jsno')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: "error: Unknown option '--jsno'.\nhint: Did you mean --json?\ncode: USAGE\n",
    });
  });

  test('of a bare word ask what was meant', async () => {
    const { exitCode, stdout, stderr } = await sh('mkbase helo --json');
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('Did you mean "hello"?');
    expect((await sh('mkbase lst')).stderr).toContain('Did you mean the command "mkbase list"?');
  });

  test('in the environment are named as such', async () => {
    const { exitCode, stderr } = await sh('MKBASE_ENGINE=dokcer mkbase hello');
    expect(exitCode).toBe(2);
    expect(stderr).toContain("from env 'MKBASE_ENGINE'");
  });
});

test('a reader that has had enough is no failure', async () => {
  const { exitCode, stderr } = await sh('set -o pipefail; mkbase list | head -n 1 > /dev/null');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('a result that could not be written is a failure', async () => {
  const { exitCode, stderr } = await sh('mkbase list > /dev/full');
  expect(exitCode).toBe(9);
  expect(stderr).toContain('code: NO_SPACE');
});

test('colour appears only where it is wanted', async () => {
  expect((await sh('mkbase list')).stdout).not.toContain('\u001b[');
  expect((await sh('FORCE_COLOR=1 mkbase list')).stdout).toContain('\u001b[');
  expect((await sh('NO_COLOR=1 FORCE_COLOR=1 mkbase list')).stdout).not.toContain('\u001b[');
});

/** Names of files that make a folder one of evidence. */
const evidence = 'lock.json rootfs.mtree sbom.spdx.json provenance.json SHA256SUMS image.oci.tar';

test('named pipes in a folder that came from elsewhere are named, and keep no command waiting', async () => {
  await sh(
    `mkdir pipes; cd pipes; mkfifo ${evidence}; rm rootfs.mtree; touch rootfs.mtree sbom.cdx.json`,
  );
  const [verified, ...others] = await Promise.all(
    [
      'mkbase verify pipes',
      'mkbase verify pipes --key pipes/lock.json',
      'mkbase show hello --out pipes',
      'mkbase hello --inputs pipes/lock.json',
      'mkbase hello --policy ./pipes/lock.json',
      'mkbase diff pipes pipes',
    ].map(sh),
  );
  expect(verified).toMatchObject({
    exitCode: 11,
    stdout: expect.stringContaining('claimed  a named pipe'),
  });
  for (const { exitCode, stderr } of others) {
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toMatch(/named pipe|not a regular file/);
  }
});

test('SIGTERM ends it while it waits for a file that nobody writes', async () => {
  const line =
    'mkfifo never; exec timeout -s TERM -k 20 1 "$NODE" "$CLI" sign --generate-key k --passphrase-file never';
  const { exitCode } = await sh(`NODE='${process.execPath}' CLI='${cli.program}'; ${line}`);
  // 124: timeout sent SIGTERM, and the command ended by it; 137 if it had to be killed.
  expect(exitCode).toBe(124);
});
