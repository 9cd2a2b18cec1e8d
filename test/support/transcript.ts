import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Lock } from '../../src/lock/schema.ts';
import { debsIn } from './lock.ts';
import { exchangesOf, fencesOf } from './markdown.ts';

const root = resolve(import.meta.dirname, '../..');

export const readmeFile: string = join(root, 'README.md');
export const packagesFile: string = join(root, 'test/golden/transcript/hello.packages.txt');

/** The README's transcript: what `mkbase hello` prints, under the epoch that it was made with. */
export interface Transcript {
  /** SOURCE_DATE_EPOCH. */
  readonly epoch: string;
  /** The summary. */
  readonly output: string;
}

const command = /^SOURCE_DATE_EPOCH=(\d+) mkbase hello$/;

/** The command that the transcript shows. */
export const transcriptCommand = (epoch: string): string =>
  `SOURCE_DATE_EPOCH=${epoch} mkbase hello`;

/** Finds the transcript in the README. */
export function readTranscript(readme: string): Transcript {
  const exchanges = fencesOf(readme)
    .filter(({ language }) => language === 'console')
    .flatMap(({ text }) => exchangesOf(text));
  for (const { command: shown, output } of exchanges) {
    const epoch = command.exec(shown)?.[1];
    if (epoch !== undefined) return { epoch, output };
  }
  throw new Error('README.md shows no line `$ SOURCE_DATE_EPOCH=… mkbase hello`');
}

/** The README with another transcript. */
export function withTranscript(readme: string, { epoch, output }: Transcript): string {
  const old = readTranscript(readme);
  const shown = (each: Transcript) => `$ ${transcriptCommand(each.epoch)}\n${each.output}`;
  return readme.replace(shown(old), () => shown({ epoch, output }));
}

/**
 * A summary without what may differ between two good builds: the time it took, and the image ID,
 * into which `docker import` puts its clock.
 */
export const comparable = (summary: string): string =>
  summary.replace(/ in [^\n]+$/m, '').replace(/^image .*\n/m, '');

/** A digest that a summary shows beside a label. */
export function digestIn(summary: string, label: 'layer' | 'manifest'): string {
  const digest = new RegExp(`^${label} +(sha256:[0-9a-f]{64})$`, 'm').exec(summary)?.[1];
  if (digest === undefined) throw new Error(`no ${label} in:\n${summary}`);
  return digest;
}

/** A lock's packages, `name version sha256` a line; no mirror is named. */
export const packageLines = (lock: Lock): string[] =>
  [...debsIn(lock.toolchain), ...debsIn(lock)].map(
    ({ name, version, sha256 }) => `${name} ${version} ${sha256}`,
  );

export const readPackageLines = (file: string): string[] =>
  readFileSync(file, 'utf8').trim().split('\n');

type Package = readonly [name: string, version: string, sha256: string];

const byName = (lines: readonly string[]) =>
  new Map(lines.map((line) => [line.split(' ')[0] ?? '', line.split(' ') as unknown as Package]));

/** What became of the packages: a line for each that is another, is new or is gone; empty for none. */
export function packageChanges(before: readonly string[], after: readonly string[]): string[] {
  const [old, now] = [byName(before), byName(after)];
  const shown = (each: Package | undefined, other: Package | undefined) => {
    if (each === undefined) return 'absent';
    const [, version, sha256] = each;
    return other?.[1] === version ? `${version} (${sha256.slice(0, 12)}…)` : version;
  };
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .filter((name) => old.get(name)?.join(' ') !== now.get(name)?.join(' '))
    .map((name) => {
      const [was, is] = [old.get(name), now.get(name)];
      return `${name}: ${shown(was, is)} → ${shown(is, was)}`;
    });
}
