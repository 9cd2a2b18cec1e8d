import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { mkbase } from './support/mkbase.ts';

const work = temporaryFolder();

/** Everything in the rootfs of a recipe, as GNU tar lists it. */
async function unpacked(recipe: string): Promise<string> {
  const folder = join(work, recipe);
  mkdirSync(folder);
  const tar = join(work, `${recipe}.tar`);
  const output = ['--output', `type=rootfs,dest=${tar}`, '--output', 'type=import'];
  const run = await mkbase([recipe, '--engine', 'docker', ...output], { cwd: work });
  expect(run).toMatchObject({ code: 0 });
  execFileSync('tar', ['-xf', tar, '-C', folder]);
  return folder;
}

const text = (folder: string, path: string) => execFileSync('cat', [join(folder, path)]).toString();

describe('distroless-static', () => {
  let rootfs: string;
  beforeAll(async () => {
    rootfs = await unpacked('distroless-static');
  });

  test('has accounts, certificates, time zones and name service order, and no shell', () => {
    expect(text(rootfs, 'etc/passwd')).toContain('nonroot:x:65532:65532:');
    expect(text(rootfs, 'etc/nsswitch.conf')).toContain('hosts: files dns');
    expect(text(rootfs, 'usr/share/zoneinfo/Europe/Paris')).toMatch(/^TZif/);
    const certificates = text(rootfs, 'etc/ssl/certs/ca-certificates.crt');
    expect(certificates.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(100);
    const shells = execFileSync('find', [rootfs, '-name', 'sh', '-o', '-name', 'dash']);
    expect(shells.toString()).toBe('');
  });

  test("keeps each package's record where scanners look for it", () => {
    const record = text(rootfs, 'var/lib/dpkg/status.d/tzdata');
    expect(record).toMatch(/^Package: tzdata$/m);
    expect(record).toMatch(/^Version: \d/m);
    expect(text(rootfs, 'var/lib/dpkg/status.d/tzdata.md5sums')).toMatch(/^[0-9a-f]{32} /);
  });

  test('keeps the licences', () => {
    expect(text(rootfs, 'usr/share/doc/tzdata/copyright')).toMatch(/public domain/i);
  });
});

describe('distroless-cc', () => {
  test('runs a dynamically linked C++ program, added by docker build, as the nonroot user', async () => {
    await unpacked('distroless-cc');
    const context = join(work, 'context');
    mkdirSync(context);
    writeFileSync(
      join(context, 'main.cc'),
      `#include <iostream>
#include <stdexcept>
#include <unistd.h>
int main() {
  try { throw std::runtime_error("thrown and caught"); }
  catch (const std::exception &e) { std::cout << e.what() << " by " << getuid() << std::endl; }
}
`,
    );
    execFileSync('g++', ['main.cc', '-o', 'program'], { cwd: context });
    expect(execFileSync('ldd', ['program'], { cwd: context }).toString()).toContain('libstdc++.so');
    writeFileSync(
      join(context, 'Dockerfile'),
      'FROM mkbase/distroless-cc\nCOPY program /program\nCMD ["/program"]\n',
    );
    execFileSync('docker', ['build', '-q', '-t', 'mkbase/program', context], { stdio: 'ignore' });
    const printed = execFileSync('docker', ['run', '--rm', 'mkbase/program']).toString();
    expect(printed).toBe('thrown and caught by 65532\n');
  });
});
