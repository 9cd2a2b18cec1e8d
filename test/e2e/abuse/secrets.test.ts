import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAptSources } from '../../../src/packages/deb/archive/apt-sources.ts';
import { debianMirrors } from '../../../src/packages/deb/archive/mirrors.ts';
import { folderForEachTest } from '../../support/folder.ts';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import { everyEngine } from '../support/engines.ts';
import { environment, mkbase, type Run } from '../support/mkbase.ts';

/** In everything that must not show anywhere. */
const mark = 's3cret';
const secrets = {
  mirror: `${mark}-mirror`,
  proxy: `${mark}-proxy`,
  archive: `${mark}-archive`,
  environment: `${mark}-environment`,
};
const basic = (user: string, password: string) =>
  Buffer.from(`${user}:${password}`).toString('base64');

/** What a secret looks like, plain and as HTTP sends it. */
const shapes = [mark, ...Object.values(secrets).map((secret) => basic('user', secret))];

const folder = folderForEachTest();
/** One engine with an image store stands for the other. */
const settings = everyEngine.filter(({ engine }, at) => engine === 'namespace' || at === 0);

/** A mirror and a server of archives, both behind a proxy, all of them with a password. */
let server: { readonly port: number; archive: Buffer; answers: boolean; close(): void };

beforeAll(async () => {
  const mirrors = debianMirrors({ env: process.env, aptSources: await readAptSources() });
  const http = createServer((request, response) => {
    const refuse = (status: number) => response.writeHead(status).end();
    if (request.headers['proxy-authorization'] !== `Basic ${basic('user', secrets.proxy)}`) {
      return refuse(407);
    }
    const { pathname } = new URL(request.url ?? '', 'http://any');
    const isArchive = pathname.startsWith('/archive/');
    const password = isArchive ? secrets.archive : secrets.mirror;
    if (request.headers.authorization !== `Basic ${basic('user', password)}`) return refuse(401);
    if (!server.answers) return refuse(404);
    if (isArchive) return response.end(server.archive);
    const [, root, path] = /^\/(main|security)\/(.*)$/.exec(pathname) ?? [];
    fetch(`${root === 'security' ? mirrors.security : mirrors.main}/${path}`)
      .then(async (answer) => {
        response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  server = { port, archive: Buffer.alloc(0), answers: true, close: () => http.close() };
});
afterAll(() => server.close());

function withSecrets(work: string) {
  const address = (password: string) => `http://user:${password}@mirror.example`;
  const env = {
    XDG_CACHE_HOME: join(work, 'cache'),
    http_proxy: `http://user:${secrets.proxy}@127.0.0.1:${server.port}`,
    HTTP_PROXY: `http://user:${secrets.proxy}@127.0.0.1:${server.port}`,
    MKBASE_DEBIAN_SECURITY_MIRROR: `${address(secrets.mirror)}/security`,
    API_TOKEN: secrets.environment,
    MKBASE_DEBUG: '1',
  };
  return { env, mirror: `${address(secrets.mirror)}/main`, archive: address(secrets.archive) };
}

/** A recipe whose archive comes over HTTP, from a URL with a password. */
function recipeOf(work: string, archive: string): string {
  const recipe = busyboxRecipe(join(work, 'recipe'), {
    toolchainMark: work,
    build: 'env >&2',
  });
  const file = join(recipe, 'recipe.yaml');
  server.archive = readFileSync(join(recipe, 'upstream-1.tar'));
  const text = readFileSync(file, 'utf8').replace(
    /file:[^"]*/,
    `${archive}/archive/upstream-1.tar`,
  );
  writeFileSync(file, text);
  expect(text).toContain(createHash('sha256').update(server.archive).digest('hex'));
  return recipe;
}

function expectNoSecret(where: string, text: string): void {
  for (const shape of shapes) {
    const at = text.indexOf(shape);
    expect(at < 0 ? '' : `${where}: ${text.slice(Math.max(0, at - 60), at + 40)}`).toBe('');
  }
}

const shown = ({ stdout, stderr }: Run) => stdout + stderr;

/** Files below a folder that hold a secret. */
function filesWithSecrets(place: string): string {
  const patterns = shapes.flatMap((shape) => ['-e', shape]);
  try {
    return execFileSync('grep', ['-rlaF', ...patterns, place]).toString();
  } catch {
    return '';
  }
}

describe.each(settings)(
  'credentials in URLs, proxies and the environment, with $title',
  (setting) => {
    test('show neither on the screen nor in what is kept', async () => {
      const { engine } = setting;
      const work = folder();
      const { env, mirror, archive } = withSecrets(work);
      const recipe = recipeOf(work, archive);
      const run = join(work, 'run');
      mkdirSync(run);
      const args = [recipe, '--engine', engine, '--mirror', mirror];
      for (const progress of ['plain', 'rawjson', 'tty']) {
        const outputs = ['type=oci', 'type=rootfs', 'type=docker'].flatMap((output) => [
          '-o',
          output,
        ]);
        const built = await mkbase([...args, ...outputs, '--progress', progress, '--no-cache'], {
          cwd: run,
          env,
        });
        expect(built).toMatchObject({ code: 0 });
        expectNoSecret(progress, shown(built));
      }
      expect(filesWithSecrets(run)).toBe('');
      expect(filesWithSecrets(join(work, 'cache'))).toBe('');
      if (engine !== 'namespace') {
        const ask = (...words: string[]) =>
          execFileSync(engine, words, { env: environment() }).toString();
        const format = ['--no-trunc', '--format', '{{json .}}'];
        expectNoSecret('the config', ask('image', 'inspect', 'mkbase/abuse'));
        expectNoSecret('the history', ask('history', ...format, 'mkbase/abuse'));
      }
      expectNoSecret(
        'doctor',
        shown(await mkbase(['doctor', '--mirror', mirror], { cwd: run, env })),
      );
      expectNoSecret('show', shown(await mkbase(['show', recipe], { cwd: run, env })));
    });
  },
);

describe('an error', () => {
  const [{ engine } = { engine: 'auto' }] = settings;

  test.each([
    ['a mirror that has nothing', {}, false],
    [
      'a wrong password for the mirror',
      { mirror: `http://user:${mark}-wrong@mirror.example/main` },
      true,
    ],
    [
      'a wrong password for the proxy',
      { http_proxy: `http://user:${mark}-wrong@127.0.0.1:PORT` },
      true,
    ],
    ['a proxy that is not there', { http_proxy: `http://user:${mark}-wrong@127.0.0.1:9` }, true],
    ['a proxy whose URL is wrong', { http_proxy: `http://user:${mark}-wrong@[` }, true],
    ['a mirror whose URL is wrong', { mirror: `http://user:${mark}-wrong@[/main` }, true],
    [
      'a mirror that is no web address',
      { mirror: `ftp://user:${mark}-wrong@mirror.example/main` },
      true,
    ],
  ])('about %s shows no credentials', async (_, wrong: Record<string, string>, answers) => {
    const work = folder();
    const { env, mirror, archive } = withSecrets(work);
    const proxy = wrong.http_proxy?.replace('PORT', String(server.port)) ?? env.http_proxy;
    const recipe = recipeOf(work, archive);
    const args = [recipe, '--engine', engine, '--mirror', wrong.mirror ?? mirror];
    for (const progress of ['plain', 'rawjson']) {
      server.answers = answers;
      const run = await mkbase([...args, '--progress', progress], {
        cwd: work,
        env: { ...env, http_proxy: proxy, HTTP_PROXY: proxy },
      });
      server.answers = true;
      expect([2, 4]).toContain(run.code);
      expect(shown(run)).not.toContain('INTERNAL');
      expectNoSecret(progress, shown(run));
    }
  });
});
