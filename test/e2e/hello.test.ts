import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { everySetting } from './support/engines.ts';
import { makesGroups } from './support/groups.ts';
import { mkbase } from './support/mkbase.ts';

const work = temporaryFolder({ shared: true });

const greeting = 'Hello from mkbase!';
const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);

for (const { title, engine, settings, missing } of everySetting) {
  describe.skipIf(missing)(
    `mkbase hello with ${title}${missing ? `: left out, ${missing}` : ''}`,
    () => {
      const out = join(work, title.replaceAll(' ', '-'));
      const args = ['hello', '--engine', engine, '--out', out];

      test('prints one JSON object that says all there is to say', async () => {
        const run = await mkbase([...args, '--json'], { cwd: work, ...settings() });
        expect(run).toMatchObject({ code: 0 });
        const stored = engine !== 'namespace';
        const gap = !stored && !(await makesGroups(title));
        expect(JSON.parse(run.stdout)).toEqual({
          recipe: 'hello',
          platform: expect.stringMatching(/^linux\/(?:amd64|arm64)$/),
          engine,
          tags: stored ? ['mkbase/hello:latest'] : [],
          imageId: stored ? digest : null,
          diffId: digest,
          diffIds: [digest],
          manifestDigest: digest,
          rootfsBytes: expect.any(Number),
          outputs: [expect.objectContaining({ type: stored ? 'import' : 'oci' })],
          outDir: out,
          tests: [expect.objectContaining({ passed: true })],
          // Told once, though there are several steps and a test.
          warnings: gap ? [expect.objectContaining({ code: 'sandbox-gap' })] : [],
          cached: false,
          timings: expect.objectContaining({ total: expect.any(Number) }),
        });
      });

      test('runs the image', async () => {
        const run = await mkbase(['run', ...args], { cwd: work, ...settings() });
        expect(run.code).toBe(0);
        expect(run.stdout.split('\n')[0]).toBe(greeting);
      });

      test('makes one layer with one program of at most 1,000 bytes, and nothing else', async () => {
        const tar = join(work, `${engine}-rootfs.tar`);
        const output = ['--output', `type=rootfs,dest=${tar}`];
        const run = await mkbase([...args, ...output, '--json'], { cwd: work, ...settings() });
        expect(run).toMatchObject({ code: 0 });
        const listing = execFileSync('tar', ['-tvf', tar]).toString().trim().split('\n');
        expect(listing).toHaveLength(1);
        expect(listing[0]).toMatch(/^-rwxr-xr-x 0\/0 +\d+ .* hello$/);
        const { diffId, rootfsBytes } = JSON.parse(run.stdout) as Record<string, unknown>;
        expect(rootfsBytes).toBeLessThanOrEqual(1000);
        const sha256 = createHash('sha256').update(readFileSync(tar)).digest('hex');
        expect(diffId).toBe(`sha256:${sha256}`);
      });
    },
  );
}

describe('mkbase hello with docker', () => {
  test("ends with an image whose layer digest is the tar's, and docker run prints the greeting", async () => {
    const run = await mkbase(['hello', '--engine', 'docker', '--json'], { cwd: work });
    const { diffId, imageId } = JSON.parse(run.stdout) as Record<string, string>;
    const format = '{{.Id}} {{len .RootFS.Layers}} {{index .RootFS.Layers 0}}';
    const inspected = execFileSync('docker', ['image', 'inspect', '-f', format, 'mkbase/hello']);
    expect(inspected.toString().trim()).toBe(`${imageId} 1 ${diffId}`);
    const printed = execFileSync('docker', ['run', '--rm', 'mkbase/hello']).toString();
    expect(printed.startsWith(greeting)).toBe(true);
  });

  test('a docker context that the user has chosen is the one that is used', async () => {
    const config = join(work, 'docker-config');
    const env = { DOCKER_CONFIG: config, DOCKER_CONTEXT: 'mine' };
    const socket = ['--docker', 'host=unix:///var/run/docker.sock'];
    execFileSync('docker', ['context', 'create', 'mine', ...socket], {
      env: { ...process.env, DOCKER_CONFIG: config },
    });
    const doctor = await mkbase(['doctor'], { cwd: work, env });
    expect(doctor.stdout).toContain('context mine');
    const tag = ['--tag', 'mkbase/context'];
    const run = await mkbase(['hello', '--engine', 'docker', ...tag], { cwd: work, env });
    expect(run).toMatchObject({ code: 0 });
    const gone = { ...env, DOCKER_CONTEXT: 'nowhere' };
    expect((await mkbase(['hello', '--engine', 'docker'], { cwd: work, env: gone })).code).toBe(5);
  });
});
