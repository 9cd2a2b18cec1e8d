import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  capabilitiesFile,
  capabilitiesRefusal,
  noCapabilities,
  writeCapabilities,
} from '../../../src/engines/namespace/capabilities.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import type { BareEntry } from '../../../src/tar/format/member.ts';
import { readTar } from '../../../src/tar/read.ts';
import { rootFile, rootLink } from '../../../src/tar/root-entry.ts';
import { temporaryFolder } from '../../support/folder.ts';

const capability = ['security.capability', '\x01\x00\x00\x02\x00\x04'] as const;
const label = ['user.label', 'x'] as const;

const written = async (entries: readonly Entry[]) => {
  const folder = temporaryFolder();
  await writeCapabilities(entries, folder);
  const file = join(folder, capabilitiesFile);
  if (!existsSync(file)) return undefined;
  const found: BareEntry[] = [];
  for await (const { entry } of readTar(createReadStream(file))) found.push(entry);
  return found;
};

test('files with capabilities are packed with their owner and their contents, and with nothing else', async () => {
  const ping = {
    ...rootFile('usr/bin/ping', 'ping', 7),
    xattrs: [capability, label],
    mode: 0o4755,
  };
  const others = { ...ping, path: 'usr/bin/theirs', uid: 101, gid: 102 };
  const far = { ...ping, path: 'usr/bin/far', uid: 606400022, gid: 5 };
  const labelled = { ...rootFile('etc/labelled', ''), xattrs: [label] };
  const link = rootLink('usr/bin/ping6', 'ping', 7);
  const { size: _, content: __, ...same } = ping;
  const hardLink: Entry = { ...same, type: 'hardlink', path: 'usr/bin/same', target: ping.path };
  const otherLink: Entry = { ...hardLink, xattrs: [], target: labelled.path };
  const entries = await written([labelled, ping, link, hardLink, otherLink, others, far]);
  expect(entries).toMatchObject([
    { path: 'usr/bin/ping', uid: 0, gid: 0, mode: 0o4755, mtime: 7, size: 4, xattrs: [capability] },
    { path: 'usr/bin/same', type: 'hardlink', target: 'usr/bin/ping' },
    { path: 'usr/bin/theirs', uid: 101, gid: 102, xattrs: [capability] },
    { path: 'usr/bin/far', uid: 0, gid: 0, xattrs: [capability] },
  ]);
});

test('nothing is written for an image without capabilities', async () => {
  expect(await written([{ ...rootFile('etc/labelled', ''), xattrs: [label] }])).toBeUndefined();
});

test.each(['false', 'no-such-tar', 'echo'])(
  'a machine whose tar is "%s" cannot give capabilities, and is told so',
  async (tar) => {
    const refusal = await capabilitiesRefusal(tar);
    expect(refusal).toBeDefined();
    if (refusal) expect(noCapabilities(refusal).message).toContain('GNU tar is not installed');
  },
);
