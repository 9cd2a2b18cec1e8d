import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  comparable,
  digestIn,
  packageChanges,
  packagesFile,
  readmeFile,
  readPackageLines,
  readTranscript,
  withTranscript,
} from '../support/transcript.ts';

const readme = readFileSync(readmeFile, 'utf8');

describe('the README', () => {
  test('shows a transcript that has the epoch it was made with and ends in digests', () => {
    const { epoch, output } = readTranscript(readme);
    expect(Number(epoch)).toBeGreaterThan(1_700_000_000);
    expect(digestIn(output, 'layer')).not.toBe(digestIn(output, 'manifest'));
  });

  test('keeps all but its transcript when that is written anew', () => {
    const shown = readTranscript(readme);
    expect(withTranscript(readme, shown)).toBe(readme);
    const other = { epoch: '1', output: 'Built $& $1\n\n' };
    const written = withTranscript(readme, other);
    expect(readTranscript(written)).toEqual(other);
    expect(withTranscript(written, shown)).toBe(readme);
  });
});

describe('the list of packages', () => {
  const lines = readPackageLines(packagesFile);

  test('has a name, a version and a sha256 on each line, sorted by name', () => {
    for (const line of lines) expect(line).toMatch(/^[a-z0-9][a-z0-9.+-]+ \S+ [0-9a-f]{64}$/);
    const names = lines.map((line) => line.split(' ')[0]);
    expect(names).toEqual([...names].sort());
  });

  test('has the compiler in it', () => {
    expect(lines.some((line) => line.startsWith('gcc-'))).toBe(true);
  });
});

describe('what became of the packages', () => {
  const a = 'a'.repeat(64);
  const b = 'b'.repeat(64);

  test('is nothing when they are the same', () => {
    expect(packageChanges([`gcc 14 ${a}`], [`gcc 14 ${a}`])).toEqual([]);
  });

  test('is told by name, from the old version to the new', () => {
    const changes = packageChanges(
      [`bash 5.2 ${a}`, `dash 0.5 ${a}`, `gcc 14 ${a}`, `make 4.4 ${a}`],
      [`bash 5.2 ${b}`, `gcc 15 ${b}`, `make 4.4 ${a}`, `tar 1.35 ${a}`],
    );
    expect(changes).toEqual([
      'bash: 5.2 (aaaaaaaaaaaa…) → 5.2 (bbbbbbbbbbbb…)',
      'dash: 0.5 → absent',
      'gcc: 14 → 15',
      'tar: absent → 1.35',
    ]);
  });
});

test('two summaries are compared without the time and the image ID', () => {
  const summary = (time: string, image: string) =>
    `Built hello for linux/amd64 with docker in ${time}\n\ntag      mkbase/hello:latest\n` +
    `image    sha256:${image.repeat(64)}\nlayer    sha256:${'c'.repeat(64)}\n`;
  expect(comparable(summary('1 min 4 s', 'a'))).toBe(comparable(summary('0.9 s', 'b')));
  expect(comparable(summary('1 s', 'a'))).toContain('layer');
});
