import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { doctor } from '../../src/commands/doctor.ts';
import { gc } from '../../src/commands/gc.ts';
import type { Engine, Leftover, Probe } from '../../src/engines/engine.ts';
import { temporaryFolder } from '../support/folder.ts';
import { createContext } from '../support/ui/context.ts';

const probeEngines = vi.hoisted(() => vi.fn());
vi.mock('../../src/engines/choose.ts', () => ({ probeEngines }));

const removed: Record<'leftovers' | 'toolchains', readonly Leftover[]> = {
  leftovers: [
    { kind: 'container', id: 'c1' },
    { kind: 'container', id: 'c2' },
    { kind: 'image', id: 'i1' },
  ],
  toolchains: [{ kind: 'image', id: 't1' }],
};

const docker = {
  name: 'docker',
  description: 'docker 28.2.2 (context default)',
  gaps: [],
  removeLeftovers: async () => removed.leftovers,
  removeToolchains: async () => removed.toolchains,
} as unknown as Engine;

const probes: readonly Probe[] = [
  { name: 'docker', ok: true, engine: docker },
  {
    name: 'podman',
    ok: false,
    reason: 'it is not installed',
    cure: 'Install podman (on Debian: apt-get install podman).',
  },
];

let cache: string;
let env: Record<string, string>;
beforeAll(async () => {
  cache = temporaryFolder();
  env = { XDG_CACHE_HOME: cache, MKBASE_DEBIAN_MIRROR: 'http://me:secret@mirror.example/debian' };
});
beforeEach(() => probeEngines.mockReset().mockResolvedValue(probes));

describe('mkbase doctor', () => {
  test('says what works, what does not and why, and what would cure it', async () => {
    const context = createContext(env);
    expect(await doctor({}, context)).toBe(0);
    const text = context.stdout.text();
    expect(text).toContain(
      'docker  works: docker 28.2.2 (context default), what --engine auto takes\n' +
        'podman  cannot: it is not installed\n' +
        '        Install podman (on Debian: apt-get install podman).\n',
    );
    expect(text).toContain(`node    ${process.version} for linux/`);
    expect(text).toMatch(new RegExp(`cache   ${cache}/mkbase, [\\d.]+ .?B free`));
  });

  test('says what an engine that works cannot enforce here, and what would help', async () => {
    const gap = {
      code: 'system-calls-not-filtered',
      message: 'docker takes no filter of system calls.',
      advice: 'Use another engine.',
    };
    const engine = { ...docker, gaps: [gap] };
    probeEngines.mockResolvedValue([{ name: 'docker', ok: true, engine }]);
    const context = createContext(env);
    expect(await doctor({}, context)).toBe(0);
    expect(context.stdout.text()).toContain(
      'docker  works: docker 28.2.2 (context default), what --engine auto takes\n' +
        '        docker takes no filter of system calls.\n' +
        '        Use another engine.\n',
    );
  });

  test('names the mirror, and never its password', async () => {
    const context = createContext(env);
    await doctor({}, context);
    expect(context.stdout.text()).toContain('mirror  http://mirror.example/debian\n');
    expect(context.stdout.text()).not.toContain('secret');
  });

  test('exits with 5 when no engine can work', async () => {
    probeEngines.mockResolvedValue(probes.filter(({ ok }) => !ok));
    expect(await doctor({}, createContext(env))).toBe(5);
  });
});

describe('mkbase gc', () => {
  async function fill(): Promise<void> {
    for (const folder of ['blobs', 'partial', 'state', 'tmp/mkbase-abc-1-999999-1-x']) {
      await mkdir(join(cache, 'mkbase', folder), { recursive: true });
      await writeFile(join(cache, 'mkbase', folder, 'file'), Buffer.alloc(100_000));
    }
  }

  test('removes what killed runs left in the engines, and leaves the store alone', async () => {
    await fill();
    const context = createContext(env);
    expect(await gc({}, context)).toBe(0);
    expect(context.stdout.text()).toContain(
      'Removed 2 containers of docker.\nRemoved 1 image of docker.\n',
    );
    expect(await readdir(join(cache, 'mkbase'))).toEqual(['blobs', 'partial', 'state', 'tmp']);
  });

  test('with --all removes toolchains and downloads too, but not what guards against rollback', async () => {
    await fill();
    const context = createContext(env);
    expect(await gc({ all: true }, context)).toBe(0);
    expect(context.stdout.text()).toMatch(/Freed \d+\.\d kB in /);
    expect(await readdir(join(cache, 'mkbase'))).toEqual(['state', 'tmp']);
  });

  test('says so when there is nothing to remove', async () => {
    probeEngines.mockResolvedValue([]);
    const context = createContext({ XDG_CACHE_HOME: join(cache, 'none') });
    await gc({}, context);
    expect(context.stdout.text()).toBe('Nothing to remove.\n');
  });
});
