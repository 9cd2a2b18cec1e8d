import { writeFile } from 'node:fs/promises';
import { revokeKey } from 'openpgp';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Event } from '../../../../src/base/events.ts';
import { platforms } from '../../../../src/base/platform.ts';
import type { DebianContext } from '../../../../src/packages/deb/archive/debian-context.ts';
import { pinnedRelease } from '../../../../src/packages/deb/archive/pinned-release.ts';
import { resolveDebs } from '../../../../src/packages/deb/choose/resolve.ts';
import type { LockedDebs } from '../../../../src/packages/deb/locked-debs.ts';
import { openStore } from '../../../../src/store/store.ts';
import { buildArchive } from '../../../support/debian-archive.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { newKey } from '../../../support/openpgp-key.ts';

const amd64 = platforms['linux/amd64'];
const pinnedAt = new Date('2026-01-02T00:00:00Z');
const later = new Date('2026-06-01T00:00:00Z');
const days = 86_400;

/** Pins a package of an archive whose key expires on 2026-03-01, and returns the lock and its world. */
async function pinned() {
  const key = await newKey({ lifetimeSeconds: (365 + 59) * days });
  const base = await buildArchive({ packages: [] });
  onTestFinished(() => base.close());
  const date = new Date('2026-01-01T00:00:00Z');
  const faults = { created: date };
  const archive = await buildArchive({
    packages: [{ name: 'hello' }],
    ...{ date, faults, into: { ...base, key } },
  });
  await writeFile(archive.keyFile, key.publicKey);
  const context: DebianContext = {
    mirrors: { main: archive.url, security: archive.url },
    store: await openStore(temporaryFolder()),
    offline: false,
    keyrings: [archive.keyFile],
    now: pinnedAt,
  };
  const io = { emit: () => {}, signal: new AbortController().signal };
  const request = {
    ...{ suite: 'trixie', security: false, components: ['main'] },
    ...{ packages: ['hello'], exclude: [] },
  };
  const lock = await resolveDebs(request, amd64, context, io);
  return { key, archive, context, lock };
}

async function follow(lock: LockedDebs, context: DebianContext) {
  const codes: string[] = [];
  const emit = (event: Event) => {
    if (event.type === 'warning') codes.push(event.warning.code);
  };
  const io = { emit, signal: new AbortController().signal };
  const { signed } = await pinnedRelease(lock.indexes[0]!, context, io);
  return { signedBy: signed.signedBy, codes };
}

describe('the index of a lock that was made before', () => {
  test('hangs on a key that has expired since, which is told', async () => {
    const { context, lock, key } = await pinned();
    expect(lock.indexes[0]?.signedBy).toEqual([key.fingerprint]);
    expect(await follow(lock, context)).toEqual({ signedBy: [key.fingerprint], codes: [] });
    const then = { ...context, now: later };
    expect(await follow(lock, then)).toEqual({
      signedBy: [key.fingerprint],
      codes: ['expired-key'],
    });
  });

  test('does not hang on a key that was lost, unless that is allowed', async () => {
    const { context, lock, key, archive } = await pinned();
    const reason = { flag: 2 };
    const date = new Date('2026-02-01T00:00:00Z');
    const revoked = await revokeKey({
      ...{ key: key.privateKey, reasonForRevocation: reason, date, format: 'armored' },
    });
    await writeFile(archive.keyFile, revoked.publicKey);
    await expect(follow(lock, { ...context, now: later })).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('somebody else may hold it'),
      hint: expect.stringContaining('--allow revoked-key'),
    });
    const allowed = { ...context, now: later, allow: ['revoked-key'] };
    const { signedBy, codes } = await follow(lock, allowed);
    expect([signedBy, codes]).toEqual([[key.fingerprint], ['revoked-key', 'expired-key']]);
  });

  test('has every key that the lock names, and may have more that are known since', async () => {
    const { context, lock } = await pinned();
    const [index] = lock.indexes;
    const claiming = (signedBy: readonly string[]) => ({
      ...lock,
      indexes: [{ ...index!, signedBy }],
    });
    for (const signedBy of [[], ['A'.repeat(40)], [...index!.signedBy, 'A'.repeat(40)]]) {
      await expect(follow(claiming(signedBy), context)).rejects.toThrow('who signed trixie');
    }
  });
});
