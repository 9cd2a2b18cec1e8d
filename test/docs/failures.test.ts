import { expect, test } from 'vitest';
import { toByteString } from '../../src/base/byte-string.ts';
import { exitCodes } from '../../src/base/errors.ts';
import type { Diagnosis } from '../../src/engines/step.ts';
import { diagnoseRpm } from '../../src/kinds/rpm/diagnosis.ts';
import type { FailedBuild } from '../../src/steps/failure/cause.ts';
import { diagnose, diagnoseRun } from '../../src/steps/failure/diagnose.ts';
import { failedRun } from '../../src/steps/failure/run-in-rootfs.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { readMarkdown } from '../support/markdown.ts';

const page = readMarkdown('docs/when-a-build-fails.md');

/** The rows of the table below a heading: the code spans of each cell. */
function rowsBelow(heading: string): string[][][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(' | ')
        .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)),
    );
}

const build: FailedBuild = {
  ...{ toolchain: 'gcc-musl', packages: [], libc: 'musl', compiles: false },
  fileBeside: async () => undefined,
};

/** A root filesystem of unpacked packages, without a shell. */
const status = Buffer.from(
  'Package: base-files\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n',
);
const rootfs: Entry[] = [
  {
    ...{ type: 'file', path: toByteString('var/lib/dpkg/status.d/base-files'), mode: 0o644 },
    ...{ uid: 0, gid: 0, mtime: 0, xattrs: [], size: status.length, content: { bytes: status } },
  },
];

async function hintFor(diagnosis: Diagnosis, line: string): Promise<string> {
  diagnosis.take(line);
  return (await diagnosis.read())?.hint ?? 'no hint';
}

test.each([
  ["Classes of failures in a program's build", () => diagnose(build), 16],
  ['Classes of failures of `run:`', () => diagnoseRun(failedRun(rootfs, true)), 9],
  ["Classes of failures of rpm's scriptlets", diagnoseRpm, 3],
])(
  'each message under "%s" gets a hint that names the cure shown',
  async (heading, open, count) => {
    const rows = rowsBelow(heading);
    expect(rows).toHaveLength(count);
    for (const [[message = ''] = [], cures = []] of rows) {
      const hint = await hintFor(open(), message);
      for (const cure of cures) expect(hint, message).toContain(cure);
    }
  },
);

test('the codes that the page names are codes of errors', () => {
  const rows = rowsBelow('Failures before and after');
  expect(rows).toHaveLength(9);
  expect(rows.flatMap(([code = []]) => code).filter((code) => !(code in exitCodes))).toEqual([]);
});
