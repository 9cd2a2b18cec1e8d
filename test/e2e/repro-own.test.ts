import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { type Server, serve } from '../support/http-server.ts';
import { timesOf } from '../support/proofs.ts';
import { buildsFolder } from './support/alpine-builds.ts';
import { archRecipe, archRepository, noArch } from './support/arch/repository.ts';
import { everySetting, type Setting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';
import { noRpm, rpmDistribution } from './support/rpm-distribution.ts';
import { wantedRpms } from './support/rpm-recipe.ts';
import { buildVaried, installNodes } from './support/varied-builds.ts';

const times = timesOf('repro');
const work = temporaryFolder({ shared: true });
const { recipe } = buildsFolder();
const there = everySetting.filter(({ missing }) => !missing);

/** Returns where the distribution of a number is built: everywhere, or as a sample in two places that take turns. */
function settingsOf(at: number): readonly Setting[] {
  if (times > 1) return there;
  const chosen = [at, at + 1].map((each) => there[each % there.length]);
  return there.filter((each) => chosen.includes(each));
}

let nodes: string[] = [];
const servers: Server[] = [];
beforeAll(() => {
  nodes = installNodes(work);
  return async () => {
    for (const { close } of servers) await close();
  };
}, 300_000);

async function served(folder: string): Promise<string> {
  const server = await serve(folder);
  servers.push(server);
  return server.url;
}

/** The folder of a repository on the mirrors of those that have a BaseOS and an AppStream. */
const baseAnd = (release: string) =>
  ['BaseOS', 'AppStream'].map((name) => `${release}/${name}/x86_64/os`);

/** The folders of both repositories in the layout of a distribution's mirrors. */
const layouts = {
  centos: { release: '9', folders: baseAnd('9-stream') },
  rocky: { release: '10', folders: baseAnd('10') },
  alma: { release: '9', folders: baseAnd('9') },
  fedora: {
    release: '44',
    folders: ['releases/44/Everything/x86_64/os', 'updates/44/Everything/x86_64'],
  },
} as const;

/** A recipe of a distribution, whose mirror and key are the test's. */
async function rpmFolder(distro: keyof typeof layouts): Promise<string> {
  const { release, folders } = layouts[distro];
  const { folder, key } = rpmDistribution(join(work, `dist-${distro}`));
  const mirror = join(work, `mirror-${distro}`);
  for (const [at, from] of ['BaseOS', 'AppStream'].entries()) {
    cpSync(join(folder, from), join(mirror, folders[at] ?? ''), { recursive: true });
  }
  const text = `name: repro-${distro}
from:
  rpm:
    distro: ${distro}
    release: "${release}"
    packages: [${wantedRpms}]
    mirror: ${await served(mirror)}
    keys: [key.asc]
image: { cmd: [/bin/bash] }
platforms: [linux/amd64]
`;
  return recipe(`repro-${distro}`, text, { 'key.asc': key });
}

async function archFolder(): Promise<string> {
  const mirror = await archRepository(join(work, 'dist-arch'));
  const text = archRecipe(mirror, ['daemon']).replace(
    '    snapshot:',
    `    mirror: ${await served(mirror.root)}\n    snapshot:`,
  );
  return recipe('repro-arch', text, { 'keyring.asc': mirror.keyring });
}

const distributions: readonly (readonly [string, string | undefined, () => Promise<string>])[] = [
  ...(['centos', 'rocky', 'alma', 'fedora'] as const).map(
    (distro) => [distro, noRpm, () => rpmFolder(distro)] as const,
  ),
  ['arch', noArch, archFolder],
];

for (const [at, [name, reason, folderOf]] of distributions.entries()) {
  const settings = settingsOf(at);
  const places = settings.map(({ title }) => title).join(', ');
  describe.skipIf(reason)(`${name}${reason ? `: left out, ${reason}` : ''}`, () => {
    test(`has one digest as a distribution of our own, built ${times} times with each of ${places}`, async () => {
      const source = await folderOf();
      const locked = await mkbase(['lock', source], { cwd: work });
      expect(locked, locked.stderr).toMatchObject({ code: 0 });
      const prepare = (folder: string) => {
        cpSync(source, join(folder, 'recipe'), { recursive: true });
        return join(folder, 'recipe');
      };
      const digests = new Map<string, string[]>();
      for (const setting of settings) {
        for (let turn = 0; turn < times; turn++) {
          const place = { work, nodes, setting, turn, times };
          const { digests: key } = await buildVaried({ name, prepare }, place);
          digests.set(key, [...(digests.get(key) ?? []), `${setting.title} ${turn}`]);
        }
      }
      expect([...digests.values()]).toHaveLength(1);
    }, 3_600_000);
  });
}
