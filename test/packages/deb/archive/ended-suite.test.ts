import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Event } from '../../../../src/base/events.ts';
import { platforms } from '../../../../src/base/platform.ts';
import type { DebianContext } from '../../../../src/packages/deb/archive/debian-context.ts';
import { pinnedRelease } from '../../../../src/packages/deb/archive/pinned-release.ts';
import { resolveDebs } from '../../../../src/packages/deb/choose/resolve.ts';
import { openStore } from '../../../../src/store/store.ts';
import {
  type ArchiveRequest,
  buildArchive,
  type TestArchive,
} from '../../../support/debian-archive.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { newKey } from '../../../support/openpgp-key.ts';

const amd64 = platforms['linux/amd64'];
const now = new Date('2026-11-20T00:00:00Z');
const atTheEnd = new Date('2022-09-10T00:00:00Z');
const packages = [{ name: 'hello' }];

const old = newKey({ created: new Date('2019-01-01T00:00:00Z') });

async function archiveOf(request: Partial<ArchiveRequest> = {}): Promise<TestArchive> {
  const defaults = { packages, suite: 'buster', date: atTheEnd, key: await old };
  const archive = await buildArchive({ ...defaults, ...request });
  if (request.into === undefined) onTestFinished(() => archive.close());
  return archive;
}

/** A mirror that has only a suite of today, and the archive of past states that `past` is. */
async function worldOf(past: TestArchive, more: Partial<DebianContext> = {}) {
  const mirror = await archiveOf({ suite: 'trixie', date: new Date('2026-11-01T00:00:00Z') });
  const url = await mirror.serve();
  const context: DebianContext = {
    mirrors: { main: url, security: url, past: { main: past.url, security: past.url } },
    store: await openStore(temporaryFolder()),
    offline: false,
    keyrings: [past.keyFile],
    now,
    ...more,
  };
  return { context, mirror };
}

const resolve = (context: DebianContext, security = false, emit = (_: Event) => {}) =>
  resolveDebs(
    { suite: 'buster', security, components: ['main'], packages: ['hello'], exclude: [] },
    amd64,
    context,
    { emit, signal: new AbortController().signal },
  );

const sinceWhen = 'regular support ended on 2022-09-10, long-term support ended on 2024-06-30';

describe('a suite that has ended', () => {
  test('is built from a mirror that still has it, and its old index is taken', async () => {
    const past = await archiveOf();
    const mirrors = { main: past.url, security: past.url };
    const { context } = await worldOf(past, { mirrors });
    const { indexes } = await resolve(context);
    expect(indexes[0]).not.toHaveProperty('ended');
  });

  test('and has left the mirror is refused with its end, and with what to do', async () => {
    const { context } = await worldOf(await archiveOf());
    await expect(resolve(context)).rejects.toMatchObject({
      code: 'RELEASE_NOT_FOUND',
      message: expect.stringContaining(`Debian 10 (buster) has ended (${sinceWhen})`),
      hint: expect.stringMatching(/trixie, bookworm.*"ended: accept".*--allow ended/),
    });
  });

  test.each([
    ['the recipe', { acceptEnded: true }],
    ['the command line', { allow: ['ended'] }],
  ])('comes from the archive of past states where %s accepts it', async (_, accepted) => {
    const past = await archiveOf();
    await archiveOf({
      ...{ suite: 'buster/updates', into: past, packages: [{ name: 'hello', version: '2' }] },
      ...{ date: new Date('2024-06-30T00:00:00Z'), faults: { codename: 'buster' } },
    });
    const { context } = await worldOf(past, accepted);
    const locked = await resolve(context, true);
    expect(locked.indexes).toMatchObject([
      { suite: 'buster', mirror: past.url, ended: true },
      { suite: 'buster/updates', mirror: past.url, ended: true },
    ]);
    expect(locked.packages[0]).toMatchObject({ version: '2', suite: 'buster/updates' });
  });

  test('comes from the state at its end where only snapshots have it', async () => {
    const past = await archiveOf();
    const root = await past.serve();
    const { context } = await worldOf(past, { allow: ['ended'] });
    const gone = `${context.mirrors.main}/nothing`;
    const mirrors = {
      ...context.mirrors,
      ...{ past: { main: gone, security: gone }, snapshot: `${root}/snapshot` },
    };
    await expect(resolve({ ...context, mirrors })).rejects.toMatchObject({
      code: 'RELEASE_NOT_FOUND',
    });
    expect(past.requests).toEqual(['/snapshot/debian/20240630T000000Z/dists/buster/InRelease']);
  });

  test('is held to be past where the mirror that was named is such an archive', async () => {
    const past = await archiveOf();
    const { context } = await worldOf(past);
    const mirrors = { ...context.mirrors, main: past.url };
    await expect(resolve({ ...context, mirrors })).rejects.toMatchObject({
      code: 'RELEASE_NOT_FOUND',
      message: expect.stringContaining('is an archive of past states'),
    });
    const { indexes } = await resolve({ ...context, mirrors, allow: ['ended'] });
    expect(indexes[0]).toMatchObject({ ended: true });
  });

  test('whose index has expired has words of its own, and passes where it is accepted', async () => {
    const past = await archiveOf({ validUntil: new Date('2022-09-17T00:00:00Z') });
    const mirrors = { main: past.url, security: past.url };
    const { context } = await worldOf(past, { mirrors });
    await expect(resolve(context)).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringMatching(/nobody signs it anew: Debian 10 \(buster\) has ended/),
      hint: expect.stringContaining('ended: accept'),
    });
    const { indexes } = await resolve({ ...context, acceptEnded: true });
    expect(indexes[0]).toMatchObject({ ended: true });
  });

  test('is refused where a mirror passes off a state from long before its end', async () => {
    const past = await archiveOf({ date: new Date('2020-01-01T00:00:00Z') });
    const { context } = await worldOf(past, { allow: ['ended'] });
    await expect(resolve(context)).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringMatching(/365 days before 2022-09-10.*holding updates back/),
    });
  });

  test('does not make a key or another suite believed', async () => {
    const past = await archiveOf({ faults: { stranger: true } });
    const { context } = await worldOf(past, { allow: ['ended'] });
    await expect(resolve(context)).rejects.toMatchObject({ code: 'SOURCE_UNTRUSTED' });
    const other = await archiveOf({ faults: { codename: 'stretch' } });
    const next = await worldOf(other, { allow: ['ended'] });
    await expect(resolve(next.context)).rejects.toMatchObject({ code: 'SOURCE_UNTRUSTED' });
  });
});

test('consent says nothing of a suite that is supported: an expired index of it is refused', async () => {
  const archive = await archiveOf({
    ...{ suite: 'trixie', date: new Date('2026-11-01T00:00:00Z') },
    validUntil: new Date('2026-11-08T00:00:00Z'),
  });
  const { context } = await worldOf(archive, { allow: ['ended'], acceptEnded: true });
  const mirrors = { main: archive.url, security: archive.url };
  const request = { suite: 'trixie', security: false, components: ['main'], packages: ['hello'] };
  const io = { emit: () => {}, signal: new AbortController().signal };
  await expect(
    resolveDebs({ ...request, exclude: [] }, amd64, { ...context, mirrors }, io),
  ).rejects.toMatchObject({ message: expect.stringContaining('somebody may be holding') });
});

test('a lock of an ended suite is believed only where the end is accepted, and offline too', async () => {
  const past = await archiveOf();
  const { context } = await worldOf(past, { allow: ['ended'] });
  const { indexes } = await resolve(context);
  await rm(join(past.folder, 'dists'), { recursive: true });
  const io = { emit: () => {}, signal: new AbortController().signal };
  const offline = { ...context, offline: true };
  const { signed } = await pinnedRelease(indexes[0]!, offline, io);
  expect(signed.signedBy).toEqual([past.fingerprint]);
  const unasked = { ...offline, allow: [] };
  await expect(pinnedRelease(indexes[0]!, unasked, io)).rejects.toMatchObject({
    code: 'SOURCE_UNTRUSTED',
    message: expect.stringContaining('--allow ended'),
  });
});
