import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { mismatchesOf, type Report } from '../../../src/verify/report.ts';
import { verify } from '../../../src/verify/verify.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Documents, documentsOf, forge, type Loose } from '../../support/foreign-archive.ts';
import { makeOutputFolder } from '../../support/output-folder.ts';

const signal = new AbortController().signal;
const healthcheck = { test: ['/bin/ping'], interval: '30s' };
/** Builds with and without the settings that engines drop. */
const builds: Record<string, { readonly out: string; documents?: Documents }> = {
  plain: { out: join(temporaryFolder(), 'out') },
  full: { out: join(temporaryFolder(), 'out') },
};

beforeAll(async () => {
  const { plain, full } = builds;
  await makeOutputFolder(plain!.out);
  await makeOutputFolder(full!.out, { image: { stopsignal: 'SIGINT', healthcheck } });
  for (const build of [plain!, full!]) {
    build.documents = await documentsOf(join(build.out, 'image.oci.tar'));
  }
});

/** Verifies the image of a build with another config, in an archive that is sound in itself. */
async function verifyConfig(build: string, change: (config: Loose) => unknown): Promise<Report> {
  const { out, documents } = builds[build]!;
  const path = join(temporaryFolder(), 'image.tar');
  writeFileSync(path, await forge(documents!, { config: change }));
  const images = [{ path, name: basename(path) }];
  return verify({ subject: path, images, evidence: out }, signal);
}

const fieldsOf = (report: Report): string[] =>
  mismatchesOf(report).map(({ file, field }) => `${file} | ${field}`);

/** Follows the comment of an import by mkbase: which run of it made the image. */
const mark = ' (mkbase-5f3a9c-4026531836-26117-1234567-0123456789ab)';

/** Makes a config as docker 20.10 writes it when it imports a layer. */
const asDocker = (config: Loose) => {
  const created = '2026-11-26T18:20:59.153419236Z';
  const comment = `${config.history[0].comment}${mark}`;
  const none = { Hostname: '', Tty: false, Env: null, Cmd: null, Volumes: null, Labels: null };
  Object.assign(config.config, {
    Hostname: '',
    AttachStdin: false,
    Entrypoint: null,
    OnBuild: null,
  });
  Object.assign(config, { created, comment, docker_version: '20.10.24', container_config: none });
  config.history = [{ created, comment }];
};

/** Makes a config as podman 4.3 writes it. */
const asPodman = (config: Loose) => {
  const comment = `${config.history[0].comment}${mark}`;
  const [diffId] = config.rootfs.diff_ids;
  const created_by = `/bin/sh -c #(nop) ADD file:${diffId.slice(7)} in / `;
  config.created = '2026-11-26T18:20:59Z';
  config.history = [{ created: config.created, created_by, comment }];
};

describe.each(Object.entries({ docker: asDocker, podman: asPodman }))(
  'a config that %s wrote',
  (_, rewrite) => {
    test('still holds, and its digest and that of the manifest are said to be skipped', async () => {
      const report = await verifyConfig('plain', rewrite);
      expect(fieldsOf(report)).toEqual([]);
      const skipped = report.checks.filter(
        ({ what, skipped }) => skipped !== undefined && what.endsWith('image.tar'),
      );
      expect(skipped.map(({ what }) => what)).toEqual([
        'names, members and each byte of image.tar',
        "the manifest's digest in provenance.json against image.tar",
        "the config's digest in provenance.json against image.tar",
      ]);
    });

    test('may lack what the engine drops, and says so', async () => {
      const report = await verifyConfig('full', (config) => {
        rewrite(config);
        const { Healthcheck: _check, StopSignal: _signal, ...rest } = config.config;
        config.config = rest;
      });
      expect(fieldsOf(report)).toEqual([]);
      expect(report.checks.map(({ what }) => what)).toContainEqual(
        expect.stringMatching(
          /without config\.Healthcheck and config\.StopSignal, which the engine dropped$/,
        ),
      );
    });

    test('may name a signal by its number', async () => {
      const report = await verifyConfig('full', (config) => {
        rewrite(config);
        config.config.StopSignal = '2';
      });
      expect(fieldsOf(report)).toEqual([]);
    });

    const additions: Record<string, Loose> = {
      Healthcheck: { Test: ['CMD', '/bin/evil'] },
      StopSignal: 'SIGKILL',
      ArgsEscaped: true,
      Volumes: { '/etc': {} },
      ExposedPorts: { '4444/tcp': {} },
      OnBuild: ['RUN /bin/evil'],
      Shell: ['/bin/evil'],
      StopTimeout: 1,
      MacAddress: '02:42:ac:11:00:02',
      NetworkDisabled: true,
      Entrypoint: ['/bin/evil'],
      WorkingDir: '/tmp',
      'x-unknown': 'x',
    };
    test.each(Object.entries(additions))('does not hold with %s added', async (name, value) => {
      const report = await verifyConfig('plain', (config) => {
        rewrite(config);
        config.config[name] = value;
      });
      expect(fieldsOf(report)).toEqual([
        expect.stringMatching(new RegExp(`^image\\.tar: config \\| config\\.${name}`)),
      ]);
    });

    const changes: Record<string, readonly [change: (config: Loose) => unknown, field: string]> = {
      'another health check': [
        ({ config }) => {
          config.Healthcheck.Test = ['CMD', '/bin/evil'];
        },
        'config.Healthcheck.Test[1]',
      ],
      'a health check of another interval': [
        ({ config }) => {
          config.Healthcheck.Interval = 1;
        },
        'config.Healthcheck.Interval',
      ],
      'no health check where the recipe has one': [
        ({ config }) => {
          config.Healthcheck = { Test: ['NONE'] };
        },
        'config.Healthcheck.Interval',
      ],
      'another stop signal': [
        ({ config }) => Object.assign(config, { StopSignal: '9' }),
        'config.StopSignal',
      ],
      'a label more': [({ config }) => Object.assign(config.Labels, { a: 'b' }), 'config.Labels.a'],
      'a variable more': [({ config }) => config.Env.push('LD_PRELOAD=/evil.so'), 'config.Env[1]'],
      'another user': [({ config }) => Object.assign(config, { User: 'root' }), 'config.User'],
      'no user': [({ config }) => Object.assign(config, { User: '' }), 'config.User'],
      'another variant': [(config) => Object.assign(config, { variant: 'v3' }), 'variant'],
      'a version of its system': [
        (config) => Object.assign(config, { 'os.version': '10.0' }),
        'os.version',
      ],
      'features of its system': [
        (config) => Object.assign(config, { 'os.features': ['win32k'] }),
        'os.features',
      ],
      'an unknown field': [(config) => Object.assign(config, { 'x.y': 1 }), 'x.y'],
      'another container': [
        (config) => Object.assign(config, { container_config: { Cmd: ['/evil'] } }),
        'container_config',
      ],
      'another comment': [(config) => Object.assign(config, { comment: 'by Debian' }), 'comment'],
      'another comment in its history': [
        ({ history }) => Object.assign(history[0], { comment: `${history[0].comment} by Debian` }),
        'history[0].comment',
      ],
      'another line of history': [
        (config) => config.history.push({ created_by: 'RUN x', empty_layer: true }),
        'history[1]',
      ],
      'another instruction': [
        ({ history }) => Object.assign(history[0], { created_by: 'FROM debian' }),
        'history[0].created_by',
      ],
      'another type of layers': [
        ({ rootfs }) => Object.assign(rootfs, { type: 'layers+base' }),
        'rootfs.type',
      ],
    };
    test.each(Object.entries(changes))('does not hold with %s', async (_, [change, field]) => {
      const report = await verifyConfig('full', (config) => {
        rewrite(config);
        change(config);
      });
      const fields = fieldsOf(report).map((each) => each.replace('image.tar: config | ', ''));
      expect(fields).toContain(field);
    });
  },
);

test('a config that says the same in another form has another digest than the provenance', async () => {
  const report = await verifyConfig('plain', (config) => JSON.stringify(config));
  expect(fieldsOf(report)).toEqual([
    'provenance.json | subject[0].digest.sha256 (manifest)',
    'provenance.json | subject[1].digest.sha256 (config)',
  ]);
});

test('a provenance from which no image follows does not excuse the config', async () => {
  const out = join(temporaryFolder(), 'out');
  await makeOutputFolder(out, { image: { cmd: ['/bin/ping'] } });
  const file = join(out, 'provenance.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"/bin/ping"\n', '5\n'));
  const images = [{ path: join(out, 'image.oci.tar'), name: 'image.oci.tar' }];
  const report = await verify({ subject: out, images, evidence: out }, signal);
  expect(fieldsOf(report)).toContain('provenance.json | predicate');
});
