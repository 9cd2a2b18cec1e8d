import { expect, test } from 'vitest';
import { platforms } from '../../../src/base/platform.ts';
import { containerCli } from '../../../src/engines/container/cli.ts';
import { readInspected } from '../../../src/engines/container/cli-client.ts';
import { type Dialect, docker, podman } from '../../../src/engines/container/dialect.ts';
import { dropToolchain, findToolchain } from '../../../src/engines/container/toolchains.ts';
import type { ImageStore } from '../../../src/engines/image-store.ts';
import type { ToolchainRef } from '../../../src/engines/step.ts';
import { recordingIo } from '../../support/store.ts';

const [key, tree, other] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
];
const toolchain: ToolchainRef = { name: 'gcc-musl', platform: 'linux/amd64', key };
const tag = `mkbase-toolchain/gcc-musl:${key.slice(0, 16)}`;

/** A builder as `docker image inspect` and `podman image inspect` describe it. */
const described = {
  Id: `sha256:${'d'.repeat(64)}`,
  RepoTags: [tag],
  Architecture: 'amd64',
  RootFS: { Layers: [`sha256:${tree}`] },
  Config: {
    ...{ Hostname: '', User: '', Tty: false, Env: null, Entrypoint: null, Volumes: null },
    Labels: { 'org.mkbase.toolchain': key },
  },
  GraphDriver: { Data: { UpperDir: `/var/lib/containers/storage/overlay/${tree}/diff` } },
};

const facts = {
  ...{ description: 'an engine', platform: platforms['linux/amd64'].name },
  ...{ limitsMemory: true, limitsProcesses: true, inUserNamespace: false, filtersCalls: true },
};

/** A store that holds this image, and the calls that it gets. */
function storeOf(image: object | undefined) {
  const [held] = image === undefined ? [] : readInspected(JSON.stringify([image]));
  const calls: string[] = [];
  const images = {
    async inspect(reference) {
      calls.push(`inspect ${reference}`);
      return held;
    },
    untag: async (reference) => void calls.push(`untag ${reference}`),
    removeUntagged: async (id) => void calls.push(`remove ${id}`),
  } as Partial<ImageStore> as ImageStore;
  return { images, calls };
}

/** Looks for the builder in a store that holds this image; resolves to its id and what came of it. */
async function look(image: object | undefined, dialect: Dialect = docker) {
  const { images, calls } = storeOf(image);
  const { io, events } = recordingIo();
  const cli = containerCli(dialect, facts, '/cache');
  const id = await findToolchain(cli, images, toolchain, tree, io);
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.warning] : []));
  return { id, calls, warnings };
}

test.each([docker, podman])('$name is asked once for a builder that is there', async (dialect) => {
  const found = { id: described.Id, calls: [`inspect ${tag}`], warnings: [] };
  expect(await look(described, dialect)).toEqual(found);
});

test('nothing is told of a builder that is not there', async () => {
  expect(await look(undefined)).toMatchObject({ id: undefined, warnings: [] });
});

const withConfig = (changes: object) => ({
  ...described,
  Config: { ...described.Config, ...changes },
});

test.each<[string, object, string]>([
  [
    'another layer',
    { ...described, RootFS: { Layers: [`sha256:${other}`] } },
    `found sha256:${other}`,
  ],
  [
    'a layer more',
    { ...described, RootFS: { Layers: [`sha256:${tree}`, `sha256:${other}`] } },
    `found sha256:${tree}, sha256:${other}`,
  ],
  ['no layer', { ...described, RootFS: { Layers: null } }, 'found none'],
  ['a variable', withConfig({ Env: ['LD_PRELOAD=/evil.so'] }), 'LD_PRELOAD'],
  ['an entrypoint', withConfig({ Entrypoint: ['/evil'] }), 'Entrypoint'],
  ['a user', withConfig({ User: 'nobody' }), 'nobody'],
  ['a folder of its own', withConfig({ Volumes: { '/usr/bin': {} } }), '/usr/bin'],
  ['a working folder', withConfig({ WorkingDir: '/evil' }), 'WorkingDir'],
  ['a signal', withConfig({ StopSignal: '9' }), 'StopSignal'],
  ['a health check', withConfig({ Healthcheck: { Test: ['CMD', '/evil'] } }), 'Healthcheck'],
  [
    'a health check as podman shows it',
    { ...described, Healthcheck: { Test: ['x'] } },
    'Healthcheck',
  ],
  ['no label', withConfig({ Labels: null }), 'found {}'],
  ['another label', withConfig({ Labels: { 'org.mkbase.toolchain': other } }), other],
  ['a label more', withConfig({ Labels: { ...described.Config.Labels, evil: '1' } }), '"evil":"1"'],
  ['another architecture', { ...described, Architecture: 'arm64' }, 'found arm64'],
])('an image with %s is told, loses the tag and is not used', async (_, image, found) => {
  const { id, calls, warnings } = await look(image);
  expect(id).toBeUndefined();
  expect(calls).toEqual([`inspect ${tag}`, `untag ${tag}`, `remove ${described.Id}`]);
  expect(warnings).toEqual([
    {
      code: 'builder-foreign',
      message: expect.stringContaining(`docker's ${tag} is not the builder gcc-musl`),
      advice: expect.stringContaining('made anew'),
    },
  ]);
  expect(warnings[0]?.message).toContain(found);
});

test('podman is not believed about a layer that its storage names otherwise, or not at all', async () => {
  const stored = (UpperDir?: string) => ({ ...described, GraphDriver: { Data: { UpperDir } } });
  const folder = `/home/a/.local/share/containers/storage/overlay/${other}/diff`;
  const forged = await look(stored(folder), podman);
  expect(forged).toMatchObject({ id: undefined, warnings: [{ code: 'builder-foreign' }] });
  expect(forged.warnings[0]?.message).toContain(`sha256:${tree}, found sha256:${other}`);
  const unnamed = await look({ ...described, GraphDriver: { Data: null } }, podman);
  expect(unnamed).toMatchObject({ id: undefined, warnings: [{ code: 'builder-unnamed' }] });
});

test('podman takes one tag off, and not all that an image has', () => {
  expect(podman.untagArguments('a:1')).toEqual(['untag', 'a:1', 'a:1']);
});

test('an image of which nothing is known is no builder', async () => {
  expect(await look({ Id: 'x' })).toMatchObject({ id: undefined });
});

test('a builder that is dropped loses its tag and goes, and one that is not there is left alone', async () => {
  const { io } = recordingIo();
  const [there, absent] = [storeOf(described), storeOf(undefined)];
  await dropToolchain(there.images, toolchain, io);
  await dropToolchain(absent.images, toolchain, io);
  expect(there.calls).toEqual([`inspect ${tag}`, `untag ${tag}`, `remove ${described.Id}`]);
  expect(absent.calls).toEqual([`inspect ${tag}`]);
});
