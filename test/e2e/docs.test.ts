import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hostPlatform } from '../../src/platform.ts';
import { serve } from '../support/http-server.ts';
import { exchangesOf, type Fence, fencesOf, readMarkdown } from '../support/markdown.ts';
import { newKey, signDetached } from '../support/openpgp-key.ts';
import { noAlpine } from './support/alpine.ts';
import { everySetting } from './support/engines.ts';
import { cliFile, environment, mkbase, type Run, root } from './support/mkbase.ts';
import { pinnedAlpine, type Staged, signedRootfs } from './support/published-rootfs.ts';
import { onDebianMirror, ownRepository, servedFile } from './support/staged-sources.ts';

const complete = process.env.MKBASE_TEST_COMPLETE === '1';

const work = mkdtempSync(join(tmpdir(), 'mkbase-docs-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** What `npm link` gives: mkbase as a command. */
const commands = join(work, 'bin');
mkdirSync(commands);
symlinkSync(cliFile(), join(commands, 'mkbase'));
const env = environment({ PATH: `${commands}:${process.env.PATH}` });

/** Runs a command as it is written, in a shell that stops at the first failure. */
function type(
  command: string,
  cwd: string,
  shell: readonly string[] = ['bash', '--norc', '-euo', 'pipefail', '-c'],
): Run {
  const [file = '', ...flags] = shell;
  const { status, stdout, stderr, error } = spawnSync(file, [...flags, command], {
    cwd,
    env,
    encoding: 'utf8',
    // bash reads its start-up files when its input is a socket.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error) throw error;
  return { code: status, stdout, stderr };
}

function folder(name: string): string {
  const path = join(work, name);
  mkdirSync(path, { recursive: true });
  return path;
}

const isThere = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Why a document's commands cannot be typed here; where everything has to be tested, they can. */
function missing(...programs: readonly string[]): string | undefined {
  if (complete) return undefined;
  const engine = everySetting.find(({ title }) => title === 'docker')?.missing;
  const absent = programs.find((program) => !isThere(program));
  return absent === undefined ? engine : `there is no ${absent}`;
}

const leftOut = (reason: string | undefined) => (reason ? `: left out, ${reason}` : '');

/** Output without what may differ between two good builds: digests, times, and sizes. */
const comparable = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{64}/g, '…')
    .replaceAll(/ in [^\n]*(?:s|min|h)$/gm, '')
    .replaceAll(/[\d.,]+ (?:B|kB|MB)$/gm, '…');

/** A command prints what is shown: its result, or its error when it is shown to fail. */
function expectExchanges(text: string, cwd: string): void {
  for (const { command, output } of exchangesOf(text)) {
    const run = type(command, cwd);
    const fails = output.startsWith('error: ');
    expect(run.code === 0, `${command}\n${run.stderr}`).toBe(!fails);
    expect(comparable(fails ? run.stderr : run.stdout)).toBe(comparable(output));
  }
}

function expectToRun(text: string, cwd: string): void {
  const run = type(text, cwd);
  expect(run, run.stderr).toMatchObject({ code: 0 });
}

/** A file that is shown whole says its path in a comment on its first line. */
const pathOf = ({ language, text }: Fence): string | undefined =>
  ['c', 'yaml'].includes(language) ? /^(?:#|\/\*) (\S+\/\S+)/.exec(text)?.[1] : undefined;

const readme = fencesOf(readMarkdown('README.md'));
const noTour = missing('skopeo');

describe.skipIf(noTour)(`the README's tour${leftOut(noTour)}`, () => {
  const cwd = folder('readme');
  for (const fence of readme) {
    const path = pathOf(fence);
    if (path === undefined) continue;
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), fence.text);
  }
  const typed = readme.filter(
    ({ language, section }) => /^(?:sh|console)$/.test(language) && section !== 'Quick start',
  );
  test.each(typed.map((fence) => [fence.text.trim().split('\n')[0], fence] as const))(
    '%s',
    (_, { language, text }) => (language === 'sh' ? expectToRun : expectExchanges)(text, cwd),
  );
});

const noReproduction = missing('skopeo', 'unshare');

describe.skipIf(noReproduction)(`docs/reproducibility.md${leftOut(noReproduction)}`, () => {
  const cwd = folder('reproducibility');
  const typed = fencesOf(readMarkdown('docs/reproducibility.md'));
  test.each(typed.map(({ text }) => [text.split('\n')[0], text] as const))('%s', (_, text) =>
    expectToRun(text, cwd),
  );
});

describe('docs/cli.md', () => {
  const shells: Readonly<Record<string, readonly string[]>> = {
    bash: ['bash', '--norc', '-euc'],
    zsh: ['zsh', '-fec'],
    fish: ['fish', '--no-config', '-c'],
  };
  const lines = fencesOf(readMarkdown('docs/cli.md'))
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'));
  const before: Readonly<Record<string, string>> = { zsh: 'autoload -U compinit; compinit -D; ' };

  test.each(lines)('%s', (line) => {
    const [, name = ''] = /mkbase completion (\w+)/.exec(line) ?? [];
    expect(Object.keys(shells)).toContain(name);
    if (!complete && !isThere(name)) return;
    const run = type(`${before[name] ?? ''}${line}`, folder('cli'), shells[name]);
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

/** Serves what the example of an upstream archive names, signed, and names that instead. */
async function upstream(text: string, cwd: string): Promise<Staged> {
  const archive = execFileSync('tar', ['-cz', '--transform=s,^widget,widget-1.36.1,', 'widget'], {
    cwd: join(root, 'test/docs/fixtures'),
  });
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
  'my-alpine': pinnedAlpine,
  'some-distro': signedRootfs,
  'tiny-alpine': ownRepository,
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

/** Examples that are made of Alpine's real packages. */
const ofAlpine = ['tiny-alpine'];

const noEngine =
  complete || everySetting.some((each) => !each.missing) ? undefined : 'no engine works';

const without = leftOut(noEngine) || leftOut(noAlpine && `${ofAlpine}, ${noAlpine}`);

describe.skipIf(noEngine)(`the examples of docs/recipes.md build${without}`, () => {
  const examples = fencesOf(readMarkdown('docs/recipes.md'))
    .filter(({ language }) => language === 'yaml')
    .map(({ text }) => [(parse(text) as Example).name, text] as const);

  const built = examples.filter(([name]) => !noAlpine || !ofAlpine.includes(name));
  test.each(built)('%s', async (name, text) => {
    const cwd = folder(`recipes/${name}`);
    const { platforms, from = {} } = parse(text) as Example;
    const fixtures = join(root, 'test/docs/fixtures', name);
    const stage = staged[name];
    if (!stage && existsSync(fixtures)) cpSync(fixtures, cwd, { recursive: true });
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
