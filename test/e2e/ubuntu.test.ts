import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Server, serve } from '../support/http-server.ts';
import { besideStore, readLockFile } from './support/debootstrap-by-hand.ts';
import { everyEngine } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';
import { ubuntuArchive } from './support/ubuntu-archive.ts';

const work = temporaryFolder({ shared: true });

const engine = everyEngine[0]?.engine ?? 'namespace';
const rootfs = join(work, 'ubuntu.tar');
const amd64Only = process.arch !== 'x64';

/**
 * Ubuntu's own archive is in few people's reach, so one of the same form is built from Debian's
 * packages, signed with a key of the test's own, and served.
 */
describe.skipIf(amd64Only)('a root file system of an Ubuntu archive', () => {
  let server: Server;
  const folder = join(work, 'mine');

  beforeAll(async () => {
    const out = join(work, 'debian');
    const output = ['--output', `type=rootfs,dest=${join(work, 'debian.tar')}`];
    const args = ['debian', '--engine', engine, '--out', out, '--no-test', ...output];
    expect(await mkbase(args, { cwd: work })).toMatchObject({ code: 0 });
    const archive = await ubuntuArchive(besideStore(), readLockFile(out));
    server = await serve(archive.folder);
    mkdirSync(folder);
    writeFileSync(join(folder, 'key.asc'), archive.publicKey);
    writeFileSync(
      join(folder, 'recipe.yaml'),
      `name: mine
from:
  debootstrap:
    distro: ubuntu
    suite: noble
    components: [main, universe]
    keyrings: [key.asc]
packages: [greeting]
image:
  cmd: [greeting]
test:
  - { run: [], stdout: Hello from universe }
  - { run: [sh, -c, ". /etc/os-release && echo $ID"], stdout: ubuntu }
  - { run: [dpkg, --audit] }
`,
    );
    return server.close;
  }, 300_000);

  const run = (args: readonly string[]) =>
    mkbase(args, { cwd: work, env: { MKBASE_UBUNTU_MIRROR: server.url } });
  const text = (path: string) => execFileSync('tar', ['-xOf', rootfs, path]).toString();

  test('is built from suite, updates and security updates, the same on every engine', async () => {
    const digests = new Set<string>();
    for (const { engine: name } of everyEngine) {
      const output = ['--output', `type=rootfs,dest=${rootfs}`];
      const built = await run([folder, '--engine', name, ...output, '--json']);
      expect(built, built.stderr).toMatchObject({ code: 0 });
      digests.add((JSON.parse(built.stdout) as BuildResult).diffId);
    }
    expect(digests.size).toBe(1);
    const status = text('var/lib/dpkg/status');
    expect(status).toMatch(/^Package: hostname\n(?:.+\n)*Version: .*ubuntu1$/m);
    expect(status).toMatch(/^Package: greeting$/m);
  });

  test('has sources that name mirrors of Ubuntu and nothing of the one that it came from', () => {
    const sources = text('etc/apt/sources.list.d/ubuntu.sources');
    expect(sources.match(/^URIs: .*$/gm)).toEqual([
      'URIs: http://archive.ubuntu.com/ubuntu',
      'URIs: http://security.ubuntu.com/ubuntu',
    ]);
    expect(sources.match(/^(?:Suites|Components): .*$/gm)).toEqual([
      'Suites: noble noble-updates',
      'Components: main universe',
      'Suites: noble-security',
      'Components: main universe',
    ]);
    const names = execFileSync('tar', ['-tf', rootfs]).toString();
    expect(names).not.toMatch(/^mirror/m);
  });

  test("is refused when Ubuntu's keys have not signed the archive", async () => {
    const refused = await run(['ubuntu:noble', '--engine', engine]);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('has no valid signature by a trusted key');
    expect(refused.stderr).toContain('code: SOURCE_UNTRUSTED');
  });

  test('of a suite that the archive has not is refused, with near names', async () => {
    const refused = await run(['ubuntu:nobel', '--engine', engine]);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/There is no Ubuntu suite nobel at \S+\. Did you mean noble\?/);
  });
});
