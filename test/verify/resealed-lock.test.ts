import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Mismatch, mismatchesOf } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeOutputFolder, type OutputFolder } from '../support/output-folder.ts';
import {
  archiveName,
  bytesOf,
  type Output,
  partsOf,
  readOutput,
  replaced,
} from '../support/reseal/output.ts';
import { resealed } from '../support/reseal/reseal.ts';
import { tarOf } from '../support/tar.ts';

const { signal } = new AbortController();
let made: OutputFolder;
let built: Output;

beforeAll(async () => {
  const folder = join(temporaryFolder(), 'out');
  made = await makeOutputFolder(folder);
  built = await readOutput(folder);
});

/** Writes an output whose sums are all made consistent again, and verifies it with the build's store. */
async function reportOn(changed: Output) {
  const { files, archive } = resealed(changed, built);
  const folder = temporaryFolder();
  for (const [name, bytes] of [...files, [archiveName, await tarOf(archive)] as const]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const trust = { store: made.store, folder: temporaryFolder(), now: new Date() };
  const request = { subject: 'it', images: await imagesIn(folder), evidence: folder, trust };
  return verify({ ...request, store: made.store, scratch: async () => temporaryFolder() }, signal);
}

/** Says something else in all evidence alike. */
function everywhere(before: string, after: string): Output {
  const files = [...built.files].map(([name, bytes]) => {
    const text = bytes.toString('latin1').replaceAll(before, after);
    return [name, Buffer.from(text, 'latin1')] as const;
  });
  return { files: new Map(files), archive: built.archive };
}

test('the digest of another lock in the history of the image is a mismatch of its config', async () => {
  const { config } = partsOf(built.archive);
  const text = bytesOf(built.archive.find(({ path }) => path === config)).toString();
  const other = text.replace(/lock sha256:[0-9a-f]{64}/, `lock sha256:${'a'.repeat(64)}`);
  expect(other).not.toBe(text);
  const archive = replaced(built.archive, config, Buffer.from(other));
  const found = mismatchesOf(await reportOn({ files: built.files, archive }));
  expect(found.map(({ field }) => field)).toContain('history[0].comment');
});

test.each<readonly [string, string, string, RegExp]>([
  ['another component', '"main"\n', '"contrib"\n', /the recipe asks for trixie \(main\)/],
  ['one component more', '"main"\n', '"main",\n"main"\n', /the recipe asks for trixie \(main\)/],
  ['no component', '"main"\n', '\n', /the recipe asks for trixie \(main\)/],
])('%s in the lock alone is named as its mismatch', async (_, before, after, words) => {
  const lock = String(built.files.get('lock.json'));
  const at = lock.indexOf('"indexes"');
  const text = lock.slice(0, at) + lock.slice(at).replace(before, after);
  expect(text).not.toBe(lock);
  const value = JSON.stringify(JSON.parse(text), null, 2);
  const files = new Map([...built.files, ['lock.json', Buffer.from(`${value}\n`)]]);
  const found = mismatchesOf(await reportOn({ files, archive: built.archive }));
  const named: Partial<Mismatch> = { file: 'lock.json', field: 'from' };
  expect(found).toContainEqual(
    expect.objectContaining({ ...named, computed: expect.stringMatching(words) }),
  );
});

test('another key that all evidence names alike is a mismatch of the lock', async () => {
  const [key = ''] = /[0-9A-F]{40}/.exec(String(built.files.get('lock.json'))) ?? [];
  const found = mismatchesOf(await reportOn(everywhere(key, 'F'.repeat(40))));
  expect(found).toContainEqual(
    expect.objectContaining({
      file: 'lock.json',
      computed: expect.stringMatching(/^The lock says who signed trixie is F+;/),
    }),
  );
});

test('another mirror that all evidence names alike is no mismatch but of the ids, and mirrors are listed as claimed', async () => {
  const report = await reportOn(everywhere('http://mirror.example', 'http://evil.example'));
  // The ids of both documents are sums, too, which `resealed` leaves alone.
  const fields = mismatchesOf(report).map(({ field }) => field);
  expect(fields).toEqual(['serialNumber', 'documentNamespace']);
  expect(report.checks).toContainEqual(
    expect.objectContaining({ what: expect.stringMatching(/^the mirrors that \d+ locked files/) }),
  );
});
