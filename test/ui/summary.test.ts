import { describe, expect, test } from 'vitest';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { createPalette } from '../../src/ui/screen.ts';
import { summary } from '../../src/ui/summary.ts';
import { firstResult } from '../support/ui/build-events.ts';

const shown = (result: BuildResult, columns = 80) =>
  summary(result, {
    palette: createPalette(false),
    columns,
    cwd: '/home/me',
    runCommand: 'mkbase run hello',
    runnable: true,
  });

const warnings = [
  {
    code: 'static-nss',
    message:
      "getaddrinfo in a statically linked program needs glibc's shared libraries at run time.",
    advice: 'Use the toolchain gcc-musl, whose resolver is linked in, or numeric addresses only.',
  },
];

const without: BuildResult = {
  ...firstResult,
  engine: 'namespace',
  tags: [],
  imageId: null,
  rootfsBytes: 170_213_888,
  outputs: [
    { type: 'oci', dest: '/home/me/mkbase-out/hello/image.oci.tar', size: 170_350_080 },
    { type: 'rootfs', dest: '/tmp/rootfs.tar', size: 170_214_400 },
  ],
  tests: [
    { command: '/hello', passed: true },
    { command: '/hello --help', passed: true },
  ],
};

describe('the summary', () => {
  test('of an imported image ends with docker run', async () => {
    await expect(shown(firstResult)).toMatchFileSnapshot('../golden/ui/summary-docker.txt');
  });

  test('of a build without an image store names the files and ends with mkbase run', async () => {
    await expect(shown(without)).toMatchFileSnapshot('../golden/ui/summary-namespace.txt');
  });

  test('shows warnings with their advice, wrapped', async () => {
    await expect(shown({ ...firstResult, warnings })).toMatchFileSnapshot(
      '../golden/ui/summary-warning.txt',
    );
  });

  test('says when nothing had to be done', () => {
    const cached = { ...firstResult, cached: true, timings: { total: 61 } };
    expect(shown(cached)).toMatch(/^Unchanged hello for linux\/amd64 with docker in 61 ms\n/);
  });

  test.each([80, 100, 120])('keeps within %d columns', (columns) => {
    const lines = shown({ ...without, warnings }, columns).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  });

  test('loses nothing but colour under NO_COLOR', () => {
    const colored = summary(firstResult, {
      palette: createPalette(true),
      columns: 80,
      cwd: '/home/me',
      runCommand: 'mkbase run hello',
      runnable: true,
    });
    expect(colored).not.toBe(shown(firstResult));
    expect(colored.replace(/\p{Cc}\[\d+m/gu, '')).toBe(shown(firstResult));
  });
});
