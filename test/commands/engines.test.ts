import { chmodSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { hostName } from '../../src/base/host.ts';
import { doctor } from '../../src/commands/doctor.ts';
import { gc } from '../../src/commands/gc.ts';
import type { Engine, HeldToolchain, Leftover, Probe } from '../../src/engines/engine.ts';
import { knownBuilders, rememberBuilder } from '../../src/pipeline/builder-state.ts';
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

const hash = (digit: string) => digit.repeat(64);

/** A builder that mkbase made, for tests that remember it. */
const builder = {
  ...{ name: 'gcc-musl', key: hash('a'), platform: 'linux/amd64', tree: hash('b') },
  ...{ epoch: 1704067200, mkbase: '1.2.3' },
  inputs: [{ name: 'gcc-12', version: '12.2.0-14', sha256: hash('c') }],
};

let held: HeldToolchain[] = [];

const docker = {
  name: 'docker',
  description: 'docker 28.2.2 (context default)',
  platform: hostName(),
  gaps: [],
  enforcement: ['memory: control group of docker', 'system calls: seccomp'],
  removeLeftovers: async () => removed.leftovers,
  removeToolchains: async () => removed.toolchains,
  listToolchains: async () => held,
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
  env = {
    HOME: cache,
    XDG_CACHE_HOME: cache,
    MKBASE_DEBIAN_MIRROR: 'http://me:secret@mirror.example/debian',
  };
});
beforeEach(() => {
  probeEngines.mockReset().mockResolvedValue(probes);
  held = [];
});

/** An environment with a state folder of its own, in which the builder is remembered. */
async function remembering() {
  const state = temporaryFolder();
  await rememberBuilder(join(state, 'mkbase'), builder);
  return { ...env, XDG_STATE_HOME: state };
}

describe('mkbase doctor', () => {
  test('says what works, what does not and why, and what would cure it', async () => {
    const context = createContext(env);
    expect(await doctor({}, context)).toBe(0);
    const text = context.stdout.text();
    expect(text).toContain(
      'docker  works: docker 28.2.2 (context default), what --engine auto takes\n' +
        '        limits: memory: control group of docker; system calls: seccomp\n' +
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
        '        limits: memory: control group of docker; system calls: seccomp\n' +
        '        docker takes no filter of system calls.\n' +
        '        Use another engine.\n',
    );
  });

  test('says on what machine the containers of an engine run, where that is another', async () => {
    const engine = { ...docker, platform: 'linux/elsewhere' };
    probeEngines.mockResolvedValue([{ name: 'docker', ok: true, engine }]);
    const context = createContext(env);
    await doctor({}, context);
    expect(context.stdout.text()).toContain(
      'works: docker 28.2.2 (context default), on linux/elsewhere, what --engine auto takes\n',
    );
  });

  test('names the mirror, and never its password', async () => {
    const context = createContext(env);
    await doctor({}, context);
    expect(context.stdout.text()).toContain('mirror  http://mirror.example/debian\n');
    expect(context.stdout.text()).not.toContain('secret');
  });

  test('shows the builders that mkbase remembers and that an engine holds', async () => {
    held = [{ name: 'mkbase-toolchain/gcc-musl:a', key: builder.key, tree: builder.tree }];
    const context = createContext(await remembering());
    await doctor({}, context);
    expect(context.stdout.text()).toContain(
      `builders  gcc-musl (docker): sha256:${builder.tree}, of 1 input\n`,
    );
    expect(context.stdout.text()).not.toContain('unknown');
  });

  test.each([
    ['another tree under the key of one that is remembered', hash('a'), hash('d')],
    ['a key that nothing is remembered of', hash('d'), hash('b')],
    ['what is not made as a builder is', '', ''],
  ])('counts what stands under the name of a builder and is not one: %s', async (_, key, tree) => {
    held = [{ name: 'mkbase-toolchain/evil:a', key, tree }];
    const context = createContext(await remembering());
    await doctor({}, context);
    const text = context.stdout.text().replaceAll(/\s+/g, ' ');
    expect(text).toContain('builders 1 unknown: mkbase-toolchain/evil:a (docker).');
    expect(text).not.toContain('of 1 input');
  });

  test('names a few of many that are unknown, and counts them all', async () => {
    held = [1, 2, 3, 4, 5].map((at) => ({
      name: `mkbase-toolchain/evil:${at}`,
      key: '',
      tree: '',
    }));
    const context = createContext(await remembering());
    await doctor({}, context);
    const text = context.stdout.text().replaceAll(/\s+/g, ' ');
    expect(text).toContain('5 unknown: ');
    expect(text).toContain('mkbase-toolchain/evil:3 (docker), and 2 more.');
    expect(text).not.toContain('evil:4');
  });

  test('says when its memory is not believed', async () => {
    const own = await remembering();
    chmodSync(join(own.XDG_STATE_HOME, 'mkbase'), 0o777);
    const context = createContext(own);
    expect(await doctor({}, context)).toBe(0);
    const text = context.stdout.text().replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      `state ${own.XDG_STATE_HOME}/mkbase is not believed: others can write it`,
    );
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

  test('forgets the builders that no engine holds any more, and no others', async () => {
    const own = await remembering();
    const state = join(own.XDG_STATE_HOME, 'mkbase');
    held = [{ name: 'mkbase-toolchain/gcc-musl:a', key: builder.key, tree: builder.tree }];
    await gc({}, createContext(own));
    expect(await knownBuilders(state)).toEqual([builder]);
    held = [];
    const context = createContext(own);
    await gc({}, context);
    expect(context.stdout.text()).toContain('Forgot 1 builder that no engine holds.\n');
    expect(await knownBuilders(state)).toEqual([]);
  });

  test.each(['5', 'five', '5 GB', '-1GB', '5gb', '1e9B', ''])(
    'refuses to keep %j, which is no size, before anything is removed',
    async (keep) => {
      await fill();
      await expect(gc({ keep }, createContext(env))).rejects.toMatchObject({ code: 'USAGE' });
      expect(await readdir(join(cache, 'mkbase', 'tmp'))).toHaveLength(1);
    },
  );

  test('tells how many results of steps are gone, and their bytes', async () => {
    const trees = join(cache, 'mkbase', 'nodes');
    await mkdir(trees, { recursive: true });
    await writeFile(join(trees, 'a'.repeat(64)), Buffer.alloc(100_000));
    const context = createContext(env);
    expect(await gc({ keep: '5GB' }, context)).toBe(0);
    expect(context.stdout.text()).toContain('Removed 1 result of steps, 100.0 kB.\n');
    expect(await readdir(trees)).toEqual([]);
  });

  test('says so when there is nothing to remove', async () => {
    probeEngines.mockResolvedValue([]);
    const context = createContext({ HOME: cache, XDG_CACHE_HOME: join(cache, 'none') });
    await gc({}, context);
    expect(context.stdout.text()).toBe('Nothing to remove.\n');
  });
});
