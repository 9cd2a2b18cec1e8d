import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderForEachTest, temporaryFolder } from '../../support/folder.ts';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import {
  type DebianRegistry,
  noRegistry,
  startDebianRegistry,
} from '../support/debian-registry.ts';
import { everyEngine, works } from '../support/engines.ts';
import { mkbase, type Run } from '../support/mkbase.ts';

const folder = folderForEachTest();
const [{ engine } = { engine: 'auto' }] = everyEngine;

interface Pushed {
  readonly cached: boolean;
  readonly imageId: string | null;
  readonly manifestDigest: string;
  readonly outputs: readonly { readonly type: string; readonly dest: string }[];
}

const resultOf = ({ stdout }: Run) => JSON.parse(stdout) as Pushed;

const passed = (run: Run): Run => {
  expect(run, run.stderr + run.stdout).toMatchObject({ code: 0 });
  return run;
};

describe.skipIf(noRegistry)(
  `a push to Docker's registry 2.8${noRegistry ? `: ${noRegistry}` : ''}`,
  () => {
    let registry: DebianRegistry;
    beforeAll(async () => {
      registry = await startDebianRegistry();
    });
    afterAll(() => registry.stop());

    const build = (work: string, name: string, ...more: string[]) =>
      mkbase(
        [
          busyboxRecipe(join(work, 'recipe')),
          ...['--engine', engine, '--out', 'out', '--tag', `${registry.domain}/${name}:v1`],
          ...['--push', '--json', ...more],
        ],
        { cwd: work },
      );
    const skopeo = (...args: string[]) =>
      execFileSync('skopeo', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const inspected = (reference: string) =>
      JSON.parse(skopeo('inspect', '--tls-verify=false', `docker://${reference}`)) as {
        readonly Digest: string;
        readonly RepoTags: readonly string[];
      };

    test('the image is there under its tag and nowhere else, and the result names its digest', async () => {
      const result = resultOf(passed(await build(folder(), 'push/first')));
      const dest = `${registry.domain}/push/first:v1@${result.manifestDigest}`;
      expect(result.outputs).toEqual([{ type: 'registry', dest }]);
      expect(result.imageId).toBeNull();
      const { Digest, RepoTags } = inspected(`${registry.domain}/push/first:v1`);
      expect(Digest).toBe(result.manifestDigest);
      expect(RepoTags).toContain('v1');
      // The fallback tag of what is attached, since this registry lists no referrers itself.
      expect(RepoTags).toContain(result.manifestDigest.replace(':', '-'));
    });

    test('docker and podman run it', async () => {
      passed(await build(folder(), 'push/run'));
      const reference = `${registry.domain}/push/run:v1`;
      for (const [file, ...more] of [['docker'], ['podman', '--tls-verify=false']]) {
        if (file === undefined || !works(file, 'version')) continue;
        const args = ['run', '--rm', ...more, reference];
        const text = execFileSync(file, args, {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        expect(text).toBe('hello\n');
        execFileSync(file, ['rmi', '-f', reference], { stdio: 'ignore' });
      }
    });

    test('skopeo copies it and umoci unpacks it', async () => {
      const work = folder();
      const { manifestDigest } = resultOf(passed(await build(work, 'push/copy')));
      const source = `docker://${registry.domain}/push/copy:v1`;
      skopeo(
        'copy',
        '--preserve-digests',
        '--src-tls-verify=false',
        source,
        `oci:${join(work, 'layout')}:v1`,
      );
      const index = readFileSync(join(work, 'layout/index.json'), 'utf8');
      expect(index).toContain(manifestDigest);
      const args = ['unpack', '--rootless', '--image', join(work, 'layout:v1'), join(work, 'tree')];
      execFileSync('umoci', args, { stdio: 'ignore' });
      expect(works(join(work, 'tree/rootfs/busybox'), 'true')).toBe(true);
    });

    test('a second push of the same finds all of it there', async () => {
      const work = folder();
      passed(await build(work, 'push/again'));
      const before = registry.asked().length;
      const result = resultOf(passed(await build(work, 'push/again')));
      expect(result.cached).toBe(true);
      const asked = registry.asked().slice(before);
      expect(asked.filter((each) => !/^(?:GET|HEAD) /.test(each))).toEqual([]);
      expect(asked.length).toBeGreaterThan(0);
    });

    test('the same build is pushed under another name, too', async () => {
      const work = folder();
      passed(await build(work, 'push/one-name'));
      const other = resultOf(passed(await build(work, 'push/another')));
      expect(other.cached).toBe(false);
      expect(inspected(`${registry.domain}/push/another:v1`).Digest).toBe(other.manifestDigest);
    });

    test.each(everyEngine)('one digest is pushed from $title', async ({ engine: on, settings }) => {
      const work = folder();
      const recipe = busyboxRecipe(join(work, 'recipe'));
      const ref = `${registry.domain}/push/${on}:v1`;
      const args = [recipe, '--engine', on, '--out', 'out', '--output', `type=registry,ref=${ref}`];
      passed(await mkbase(args, { ...settings(), cwd: work }));
      const first = resultOf(passed(await build(work, 'push/first')));
      expect(inspected(ref).Digest).toBe(first.manifestDigest);
    });

    test('what was pushed verifies from there, by tag and by digest, with its signatures', async () => {
      const work = folder();
      passed(await mkbase(['sign', '--generate-key', 'key.pem'], { cwd: work }));
      const sign = ['--sign', 'key=key.pem'];
      const { manifestDigest } = resultOf(passed(await build(work, 'push/signed', ...sign)));
      const empty = temporaryFolder({ shared: true });
      for (const name of [`push/signed:v1`, `push/signed@${manifestDigest}`]) {
        const subject = `${registry.domain}/${name}`;
        const args = [
          'verify',
          subject,
          '--key',
          join(work, 'key.pem.pub'),
          '--recipe',
          join(work, 'recipe'),
        ];
        const verified = passed(
          await mkbase([...args, '--require', 'image,signature'], { cwd: empty }),
        );
        expect(verified.stdout).toMatch(new RegExp(`Verified .*${manifestDigest}`));
      }
      const recipe = ['--recipe', join(work, 'recipe')];
      const verify = ['verify', `${registry.domain}/push/signed:v1`, ...recipe];
      const rebuild = ['--rebuild', '--attach', '--sign', `key=${join(work, 'key.pem')}`];
      passed(await mkbase([...verify, ...rebuild], { cwd: empty }));
      const keyed = ['--key', join(work, 'key.pem.pub'), '--require', 'rebuild'];
      passed(await mkbase([...verify, ...keyed], { cwd: empty }));
    });

    test('an image that is not what its evidence says does not verify', async () => {
      const work = folder();
      passed(await build(work, 'push/evil'));
      const { domain } = registry;
      const recipe = busyboxRecipe(join(work, 'other'), { imageBytes: 1000 });
      const args = [
        recipe,
        '--engine',
        engine,
        '--out',
        'other',
        '--tag',
        `${domain}/push/evil:v2`,
      ];
      passed(await mkbase([...args, '--push', '--no-attach'], { cwd: work }));
      const verify = ['verify', `${domain}/push/evil:v2`, '--evidence', 'out'];
      expect(await mkbase(verify, { cwd: work })).toMatchObject({ code: 11 });
    });

    test('what is copied into a layout and an archive is read by skopeo', async () => {
      const work = folder();
      const { manifestDigest } = resultOf(passed(await build(work, 'push/layout')));
      for (const place of ['oci:layout', 'oci-archive:layout.tar']) {
        passed(await mkbase(['copy', `${registry.domain}/push/layout:v1`, place], { cwd: work }));
        const [form, path = ''] = place.split(':');
        const { Digest } = JSON.parse(skopeo('inspect', `${form}:${join(work, path)}:v1`)) as {
          readonly Digest: string;
        };
        expect(Digest).toBe(manifestDigest);
      }
    });

    test('a push that is killed in the middle leaves no tag, and the next one makes it whole', async () => {
      const work = folder();
      const recipe = busyboxRecipe(join(work, 'recipe'), { imageBytes: 200_000_000 });
      const args = [recipe, '--engine', engine, '--out', 'out', '--no-test', '--push', '--json'];
      const tag = `${registry.domain}/push/killed:v1`;
      const before = registry.asked().length;
      const uploads = () =>
        registry
          .asked()
          .slice(before)
          .some((each) => /^POST .*killed/.test(each));
      const killed = await mkbase([...args, '--tag', tag], {
        cwd: work,
        onStart: (pid) => {
          const watch = setInterval(() => {
            if (!uploads()) return;
            clearInterval(watch);
            process.kill(pid, 'SIGKILL');
          }, 5);
        },
      });
      expect(killed.code).toBeNull();
      expect(works('skopeo', 'inspect', '--tls-verify=false', `docker://${tag}`)).toBe(false);
      const { manifestDigest } = resultOf(
        passed(await mkbase([...args, '--tag', tag], { cwd: work })),
      );
      expect(inspected(tag).Digest).toBe(manifestDigest);
    });

    test('two builds are compared where they are', async () => {
      const work = folder();
      passed(await build(work, 'push/one'));
      const same = [`${registry.domain}/push/one:v1`, 'out'];
      passed(await mkbase(['diff', ...same], { cwd: work }));
    });

    test('a tag that is not there, and a registry that is not there, are told', async () => {
      const work = folder();
      const absent = await mkbase(['verify', `${registry.domain}/push/none:v1`], { cwd: work });
      expect(absent).toMatchObject({ code: 13 });
      expect(absent.stderr).toContain('there is no such image');
      const nobody = await mkbase(['verify', '127.0.0.1:1/push/none:v1'], { cwd: work });
      expect(nobody).toMatchObject({ code: 13 });
      expect(nobody.stderr).toContain('REGISTRY_FAILED');
    });

    test('--push without a tag is refused before anything is built', async () => {
      const work = folder();
      const run = await mkbase([busyboxRecipe(join(work, 'recipe')), '--push'], { cwd: work });
      expect(run).toMatchObject({ code: 2 });
      expect(run.stderr).toContain('--push pushes an image under its tags');
    });
  },
);

describe.skipIf(noRegistry)('a registry with a login, over https', () => {
  let registry: DebianRegistry;
  beforeAll(async () => {
    registry = await startDebianRegistry({ tls: true, login: 'me:secret-word' });
  });
  afterAll(() => registry.stop());

  const push = (work: string, env: Record<string, string>) => {
    const tag = `${registry.domain}/team/app:v1`;
    const recipe = busyboxRecipe(join(work, 'recipe'));
    const args = [recipe, '--engine', engine, '--out', 'out', '--tag', tag, '--push'];
    return mkbase(args, { cwd: work, env });
  };
  const configOf = (work: string, login?: string): string => {
    const config = join(work, 'docker');
    mkdirSync(config, { recursive: true });
    const auth = login && {
      auths: { [registry.domain]: { auth: Buffer.from(login).toString('base64') } },
    };
    writeFileSync(join(config, 'config.json'), JSON.stringify(auth ?? {}));
    return config;
  };

  test('takes a push with the credentials of `docker login` and its authority', async () => {
    const work = folder();
    const DOCKER_CONFIG = configOf(work, 'me:secret-word');
    passed(await push(work, { DOCKER_CONFIG, SSL_CERT_FILE: registry.certificate }));
  });

  test('is refused without its authority', async () => {
    const work = folder();
    const run = await push(work, { DOCKER_CONFIG: configOf(work, 'me:secret-word') });
    expect(run).toMatchObject({ code: 13 });
    expect(run.stderr).toContain('its certificate is refused');
  });

  test.each([undefined, 'me:wrong'])('nothing is tagged with the login %s', async (login) => {
    const work = folder();
    const DOCKER_CONFIG = configOf(work, login);
    const run = await push(work, { DOCKER_CONFIG, SSL_CERT_FILE: registry.certificate });
    expect(run).toMatchObject({ code: 13 });
    expect(run.stderr).toContain('code: REGISTRY_DENIED');
    expect(run.stderr).toContain(join(DOCKER_CONFIG, 'config.json'));
    expect(run.stderr).not.toContain('wrong');
  });
});
