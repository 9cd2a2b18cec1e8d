import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { repomdText } from '../../../src/kinds/rpm/choose.ts';
import { type MetadataFile, readRepomd } from '../../../src/packages/rpm/repository/repomd.ts';

const sha256 = 'ab'.repeat(32);

const file = (href: string): MetadataFile => ({
  ...{ type: 'primary', href, checksum: { algorithm: 'sha256', digest: sha256 }, size: 7 },
  ...{ openChecksum: { algorithm: 'sha256', digest: sha256 }, openSize: 9 },
});

/** Reads the address of the first list with a parser of XML that is not mkbase's. */
const asPython = (text: string): string =>
  execFileSync(
    'python3',
    [
      '-c',
      'import sys, xml.etree.ElementTree as e; print(e.fromstring(sys.stdin.buffer.read())[1].find("{*}location").get("href"), end="")',
    ],
    { input: text, encoding: 'utf8' },
  );

test.each([
  'repodata/primary.xml.gz',
  'repodata/a&b-primary.xml.gz',
  'repodata/"/><evil-primary.xml.gz',
  "repodata/it's&quot;-primary.xml.zst",
])('the list that dnf reads has the address %s as it is', async (href) => {
  const text = repomdText([file(href)]);
  const { files } = await readRepomd(Buffer.from(text), 'repomd.xml');
  expect(files.get('primary')).toEqual(file(href));
  expect(asPython(text)).toBe(href);
});
