import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { build } from '../../src/commands/build.ts';
import type { BuildRequest } from '../../src/pipeline/request.ts';
import { temporaryFolder } from '../support/folder.ts';
import { builtFor } from '../support/image-set.ts';
import { createContext } from '../support/ui/context.ts';

const buildImage = vi.hoisted(() => vi.fn());
vi.mock('../../src/pipeline/build-image.ts', () => ({ buildImage }));

const defaults = { engine: 'auto', cache: true, test: true, progress: 'plain' } as const;
const platform = ['linux/amd64', 'linux/arm64'] as const;

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
  buildImage.mockReset();
  buildImage.mockImplementation(async ({ platform: one, out }: BuildRequest) =>
    builtFor(one ?? 'linux/amd64', dirname(out ?? '')),
  );
});

const context = () => ({ ...createContext(), cwd });
const hello = 'distroless-static';
const outDir = () => join(cwd, 'mkbase-out', `${hello}-index`);

describe('mkbase build --platform a,b', () => {
  test('prints one object that names each platform and the digest of the index', async () => {
    const own = context();
    expect(await build([hello], { ...defaults, platform, json: true }, own)).toBe(0);
    const result = JSON.parse(own.stdout.text());
    expect(result).toMatchObject({
      recipe: hello,
      indexDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      platforms: [{ platform: 'linux/amd64' }, { platform: 'linux/arm64' }],
      tags: [`mkbase/${hello}:latest`],
      outputs: [{ type: 'oci', dest: join(outDir(), 'image.oci.tar') }],
      outDir: outDir(),
      cached: false,
    });
  });

  test('prints the digest of the index alone with --quiet, and writes it where it is asked to', async () => {
    const own = context();
    const iidfile = join(cwd, 'iid');
    await build([hello], { ...defaults, platform, quiet: true, iidfile }, own);
    expect(own.stdout.text()).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    expect(own.stdout.text()).toBe(`${readFileSync(iidfile, 'utf8')}\n`);
  });

  test('shows a row for each platform, then the index and the command that checks it', async () => {
    const own = context();
    await build([hello], { ...defaults, platform }, own);
    const text = own.stdout.text();
    expect(text).toMatch(/^distroless-static linux\/amd64 +built/m);
    expect(text).toMatch(/^distroless-static linux\/arm64 +built/m);
    expect(text).toMatch(/^index +sha256:/m);
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      'next     mkbase verify mkbase-out/distroless-static-index',
    );
  });

  test('makes no index when one platform fails, and builds the others', async () => {
    buildImage.mockImplementation(async ({ platform: one, out }: BuildRequest) => {
      if (one === 'linux/amd64') throw new MkbaseError({ code: 'TEST_FAILED', message: 'no' });
      return builtFor(one ?? 'linux/amd64', dirname(out ?? ''));
    });
    const own = context();
    expect(await build([hello], { ...defaults, platform }, own)).toBe(8);
    expect(existsSync(join(outDir(), 'linux-arm64', 'image.oci.tar'))).toBe(true);
    expect(existsSync(join(outDir(), 'image.oci.tar'))).toBe(false);
    expect(own.stderr.text()).toContain(`1 of 2 built; failed: ${hello} linux/amd64`);
    expect(own.stdout.text()).not.toContain('index ');
  });

  test.each([
    [{ sarif: 'a.sarif', policy: 'strict' }, '--sarif'],
    [{ inputs: 'a.tar' }, '--inputs'],
    [{ output: ['type=docker'] }, '--output type=docker'],
  ])('refuses what is for one platform: %j', async (options, named) => {
    const building = build([hello], { ...defaults, platform, ...options }, context());
    await expect(building).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(named),
    });
    expect(buildImage).not.toHaveBeenCalled();
  });
});
