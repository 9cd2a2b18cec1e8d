import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { ask, builders, canonicalDiffId, layersOf } from './support/builders.ts';
import { mkbase } from './support/mkbase.ts';

const work = temporaryFolder();

const recipe = `name: exported
from:
  debs: { packages: [busybox-static] }
files:
  - { path: /srv/data/Főtanúsítvány.crt, content: "x", owner: 10001, group: 10002, mode: "0640" }
  - { path: "/srv/data/${'long-'.repeat(30)}name", content: "y" }
  - { path: /srv/link, symlink: data }
image:
  entrypoint: [/bin/busybox, sh, -c]
  cmd: ['printf "%s|" "$QUOTED" "$0"; pwd; /bin/busybox id -u', "a\\"b $HOME \\\\ 'c' \\n line"]
  env: { PATH: "/bin", QUOTED: 'double " single '' dollar $HOME \${PATH} back\\slash \\' , EMPTY: "" }
  workdir: /srv/data
  user: "10001:10002"
  expose: ["80", "53/udp"]
  volumes: [/srv/volume, "/srv/with space"]
  labels: { org.example.title: 'A "title" for $1 \\ more' }
  stopsignal: SIGINT
  healthcheck: { test: [/bin/busybox, "true"], interval: 90s, timeout: 5s, startPeriod: 500ms, retries: 4 }
`;

/** What the image's own program says when it gets its environment and arguments as they were meant. */
const said = `double " single ' dollar $HOME \${PATH} back\\slash \\|a"b $HOME \\ 'c' \n line|/srv/data\n10001`;

/** Exports the recipe into a folder, which is named as on the command line. */
const exportTo = (folder: string, text = recipe) => {
  writeFileSync(join(work, 'recipe.yaml'), text);
  const flags = ['--engine', 'namespace', '--dockerfile', folder];
  return mkbase(['export', './recipe.yaml', ...flags, '--json'], { cwd: work });
};

/** What the export says of itself, and the config that the image has as mkbase packages it. */
let diffId = '';
let config: Readonly<Record<string, unknown>> = {};
beforeAll(async () => {
  const run = await exportTo('image');
  expect(run).toMatchObject({ code: 0 });
  const result = JSON.parse(run.stdout) as Record<string, string>;
  diffId = result.diffId ?? '';
  const layout = ['./recipe.yaml', '--engine', 'namespace', '-o', 'type=oci,dest=layout/'];
  expect(await mkbase(layout, { cwd: work })).toMatchObject({ code: 0 });
  const blob = (digest = '') =>
    JSON.parse(readFileSync(join(work, 'layout/blobs', digest.replace(':', '/')), 'utf8'));
  config = blob(blob(result.manifestDigest).config.digest).config;
});

test('an export is a Dockerfile and a rootfs, and nothing beside them', () => {
  expect(readdirSync(work).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(readdirSync(join(work, 'image')).sort()).toEqual(['Dockerfile', 'rootfs.tar.xz']);
  const lines = readFileSync(join(work, 'image/Dockerfile'), 'utf8').split('\n');
  expect(lines[0]).toMatch(/^# mkbase: recipe exported/);
  expect(lines.slice(1, 3)).toEqual(['FROM scratch', 'ADD rootfs.tar.xz /']);
  const unpacked = 'xz -dc image/rootfs.tar.xz | sha256sum';
  const sum = execFileSync('sh', ['-c', unpacked], { cwd: work, encoding: 'utf8' });
  expect(`sha256:${sum.slice(0, 64)}`).toBe(diffId);
});

for (const { name, builder, missing } of builders) {
  test.skipIf(missing)(
    `the files and the config of an export are those of its image by ${name}`,
    async () => {
      const image = 'mkbase/exported-by-test';
      const by = builder!;
      ask(by, ['build', '-q', '--tag', image, join(work, 'image')]);
      try {
        const [first, ...more] = layersOf(
          by,
          image,
          join(work, `saved-${name.replaceAll(/\W/g, '-')}`),
        );
        expect(await canonicalDiffId(first!)).toBe(diffId);
        // BuildKit makes the working folder once more; that layer has nothing in it.
        for (const layer of more) expect(layer.every((byte) => byte === 0)).toBe(true);
        const [inspected] = JSON.parse(ask(by, ['image', 'inspect', image]));
        const { Healthcheck, StopSignal, ...common } = config;
        // podman keeps to the OCI's config, which has no health check, and numbers signals.
        const others = by.engine === 'podman' ? {} : { Healthcheck, StopSignal };
        expect(inspected.Config).toMatchObject({ ...common, ...others });
        expect(ask(by, ['run', '--rm', image])).toBe(said);
      } finally {
        ask(by, ['rmi', '-f', image]);
      }
    },
  );
}

test('an export takes the place of an earlier one, and of nothing else', async () => {
  const dockerfile = () => readFileSync(join(work, 'again/Dockerfile'), 'utf8');
  const changed = recipe.replace('SIGINT', 'SIGQUIT');
  expect(await exportTo('again')).toMatchObject({ code: 0 });
  expect(await exportTo('again', changed)).toMatchObject({ code: 0 });
  expect(dockerfile()).toContain('SIGQUIT');
  mkdirSync(join(work, 'again/own'));
  const refused = await exportTo('again');
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('again is a folder with other things in it.');
  expect(dockerfile()).toContain('SIGQUIT');
});
