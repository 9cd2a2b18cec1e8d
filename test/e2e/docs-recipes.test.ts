import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hostPlatform } from '../../src/base/platform.ts';
import { temporaryFolder } from '../support/folder.ts';
import { serve } from '../support/http-server.ts';
import { fencesOf, readMarkdown } from '../support/markdown.ts';
import { newKey, signDetached } from '../support/openpgp-key.ts';
import { noAlpine } from './support/alpine.ts';
import { noArch } from './support/arch/repository.ts';
import { everySetting } from './support/engines.ts';
import { mkbase, root } from './support/mkbase.ts';
import { pinnedAlpine, type Staged, signedRootfs } from './support/published-rootfs.ts';
import { noRpm } from './support/rpm-distribution.ts';
import {
  onDebianMirror,
  ownArch,
  ownCentos,
  ownRepository,
  ownWolfi,
  servedFile,
} from './support/staged-sources.ts';
import { leftOut } from './support/typed-commands.ts';

const complete = process.env.MKBASE_TEST_COMPLETE === '1';

const work = temporaryFolder();

/** Packs the sources that the documents' examples of archives have. */
const packed = (): Buffer =>
  execFileSync('tar', ['-cz', '--transform=s,^widget,widget-1.36.1,', 'widget'], {
    cwd: join(root, 'test/docs/fixtures'),
  });

/** Puts the archive of an example beside its recipe. */
async function boxed(text: string, cwd: string): Promise<Staged> {
  mkdirSync(join(cwd, 'vendor'));
  writeFileSync(join(cwd, 'vendor/widget-1.36.1.tar.gz'), packed());
  return { text, close: async () => {} };
}

/** Puts the root filesystem of a course's exercise beside its recipe. */
async function course(text: string, cwd: string): Promise<Staged> {
  const folder = join(work, 'exercise');
  mkdirSync(join(folder, 'etc'), { recursive: true });
  writeFileSync(join(folder, 'etc/motd'), 'Welcome to the course.\n');
  execFileSync('tar', ['-czf', join(cwd, 'rootfs.tar.gz'), '-C', folder, '.']);
  return { text, close: async () => {} };
}

/** Serves what the example of an upstream archive names, signed, and names that instead. */
async function upstream(text: string, cwd: string): Promise<Staged> {
  const archive = packed();
  const key = await newKey();
  writeFileSync(join(cwd, 'widget-release.asc'), key.publicKey);
  const signature = Buffer.from(await signDetached(archive, key));
  const name = '/widget-1.36.1.tar.gz';
  const server = await serve(
    new Map([
      [name, archive],
      [`${name}.asc`, signature],
    ]),
  );
  const sha256 = createHash('sha256').update(archive).digest('hex');
  return {
    text: text
      .replaceAll('https://example.org', server.url)
      .replace(/(?<=sha256: )[0-9a-f]{64}/, sha256),
    close: server.close,
  };
}

/** The examples whose sources are somewhere else than beside the recipe or in Debian's archive. */
const staged: Readonly<Record<string, (text: string, cwd: string) => Promise<Staged>>> = {
  widget: upstream,
  boxed,
  'from-a-course': course,
  'my-alpine': pinnedAlpine,
  'some-distro': signedRootfs,
  'tiny-alpine': ownRepository,
  'from-alpine': ownRepository,
  'tiny-wolfi': ownWolfi,
  'tiny-arch': ownArch,
  'from-arch': ownArch,
  'tiny-centos': ownCentos,
  'from-yum': ownCentos,
  'my-debian': onDebianMirror,
  trusting: servedFile,
};

interface Keyrings {
  readonly keyrings?: readonly string[];
}

interface Example {
  readonly name: string;
  readonly from?: { readonly debs?: Keyrings; readonly debootstrap?: Keyrings };
  readonly platforms?: readonly string[];
}

/** Examples whose sources cannot be had on every machine, and why not here. */
const absent: Readonly<Record<string, string | undefined>> = {
  'tiny-alpine': noAlpine,
  'from-alpine': noAlpine,
  'tiny-wolfi': noAlpine,
  'tiny-arch': noArch,
  'from-arch': noArch,
  'tiny-centos': noRpm,
  'from-yum': noRpm,
};

const noEngine =
  complete || everySetting.some((each) => !each.missing) ? undefined : 'no engine works';

const reasons = Object.entries(absent).flatMap(([name, why]) => (why ? [`${name}, ${why}`] : []));
const without = leftOut(noEngine ?? reasons.join('; '));

const pages = ['docs/recipes.md', 'docs/coming-from-mkimage.md'];

describe.skipIf(noEngine).each(pages)(`the examples of %s build${without}`, (page) => {
  const examples = fencesOf(readMarkdown(page))
    .filter(({ language }) => language === 'yaml')
    .map(({ text }) => [(parse(text) as Example).name, text] as const);

  const built = examples.filter(([name]) => !absent[name]);
  test.each(built)('%s', async (name, text) => {
    const cwd = join(work, name);
    mkdirSync(cwd);
    const { platforms, from = {} } = parse(text) as Example;
    const fixtures = join(root, 'test/docs/fixtures', name);
    const stage = staged[name];
    if (!stage && existsSync(fixtures))
      cpSync(fixtures, cwd, { recursive: true, verbatimSymlinks: true });
    const served = await stage?.(text, cwd);
    writeFileSync(join(cwd, 'recipe.yaml'), served?.text ?? text);
    for (const keyring of (from.debs ?? from.debootstrap)?.keyrings ?? []) {
      mkdirSync(dirname(join(cwd, keyring)), { recursive: true });
      writeFileSync(join(cwd, keyring), (await newKey()).publicKey);
    }
    // Of all outputs the one that takes every word of an image's configuration on every engine.
    const run = await mkbase(['.', '--output', 'type=docker', '--json'], { cwd });
    await served?.close();
    if (platforms && !platforms.includes(hostPlatform().name)) return expect(run.code).toBe(2);
    expect(run, run.stderr).toMatchObject({ code: 0 });
    const lock = readFileSync(join(cwd, `mkbase-out/${name}/lock.json`), 'utf8');
    return expect(JSON.parse(lock)).toMatchObject({ recipe: name });
  });
});
