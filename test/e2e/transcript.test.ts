import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Lock } from '../../src/lock/schema.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  comparable,
  digestIn,
  packageChanges,
  packageLines,
  packagesFile,
  readmeFile,
  readPackageLines,
  readTranscript,
  withTranscript,
} from '../support/transcript.ts';
import { everySetting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

/** Instead of comparing, `npm run transcript` writes what it finds. */
const rewrite = process.env.MKBASE_TRANSCRIPT === 'write';

const engines = everySetting.filter(({ missing }) => !missing).map(({ engine }) => engine);
const readme = readFileSync(readmeFile, 'utf8');

const work = temporaryFolder();

interface Built {
  readonly summary: string;
  readonly lock: Lock;
}

let builds = 0;

/** Resolves `hello` from the indexes of today and builds it, in a folder of its own. */
async function build(
  engine: string | undefined,
  env: Readonly<Record<string, string>>,
): Promise<Built> {
  builds += 1;
  const cwd = join(work, `build-${builds}`);
  mkdirSync(cwd);
  const choice = engine === undefined ? [] : ['--engine', engine];
  const run = await mkbase(['hello', '--no-cache', ...choice], { cwd, env });
  if (run.code !== 0) throw new Error(run.stderr);
  const lock = readFileSync(join(cwd, 'mkbase-out/hello/lock.json'), 'utf8');
  return { summary: run.stdout, lock: JSON.parse(lock) as Lock };
}

/** From an empty cache: indexes, packages and, with the namespace engine, the builder are made anew. */
const buildCold = (engine: string | undefined, epoch: string) =>
  build(engine, { SOURCE_DATE_EPOCH: epoch, XDG_CACHE_HOME: join(work, `cache-${builds}`) });

const digests = ({ summary }: Built) => ({
  layer: digestIn(summary, 'layer'),
  manifest: digestIn(summary, 'manifest'),
});

/** Builds twice, as far apart as this machine allows: another cache, another engine. */
async function expectTwoBuildsToAgree(epoch: string, why: readonly string[]): Promise<void> {
  const banner = ['', `README transcript: ${why.join('\n  ')}`, ''].join('\n');
  process.stderr.write(`${banner}\n`);
  const first = await buildCold(engines.at(0), epoch);
  const second = await buildCold(engines.at(-1), epoch);
  expect(packageLines(second.lock)).toEqual(packageLines(first.lock));
  expect(digests(second)).toEqual(digests(first));
}

async function compare(): Promise<void> {
  const { epoch, output } = readTranscript(readme);
  if (arch() !== 'x64') {
    const why = 'its digests are those of linux/amd64; two builds for this machine are compared:';
    return expectTwoBuildsToAgree(epoch, [`${why} ${arch()}`]);
  }
  const built = await build(undefined, { SOURCE_DATE_EPOCH: epoch });
  const changes = packageChanges(readPackageLines(packagesFile), packageLines(built.lock));
  if (changes.length > 0) {
    const why = 'THE ARCHIVE HAS MOVED ON, so its digests cannot be had any more.';
    const advice = 'Two cold builds are compared instead; `npm run transcript` writes it anew.';
    return expectTwoBuildsToAgree(epoch, [why, ...changes, advice]);
  }
  expect(digests(built)).toEqual(digests({ ...built, summary: output }));
  if (engines[0] === 'docker') expect(comparable(built.summary)).toBe(comparable(output));
}

async function write(): Promise<void> {
  const { lock } = await build('docker', {});
  const epoch = String(lock.epoch);
  const { summary } = await build('docker', { SOURCE_DATE_EPOCH: epoch });
  writeFileSync(readmeFile, withTranscript(readme, { epoch, output: summary }));
  writeFileSync(packagesFile, `${packageLines(lock).join('\n')}\n`);
}

test('hello has the digests that the README shows, or its packages are others and two cold builds agree', async () => {
  await (rewrite ? write() : compare());
}, 1_800_000);
