import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { revokeKey } from 'openpgp';
import { expect, onTestFinished, test } from 'vitest';
import { proveInputs } from '../../../src/pipeline/inputs/prove-inputs.ts';
import { resolveLock } from '../../../src/pipeline/inputs/resolve-lock.ts';
import { buildArchive } from '../../support/debian-archive.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { movingArchive } from '../../support/moving-archive.ts';
import { openedBuild } from '../../support/opened-build.ts';
import { refusal, writeTree } from '../../support/recipe.ts';
import { recordingIo } from '../../support/store.ts';

const recipe = `name: demo
from:
  debs: { packages: [hello], security: false, keyrings: [archive.asc] }
`;

test('a lock on a key that was lost is proven at each build only where that is allowed, and told each time', async () => {
  const archive = await buildArchive({ packages: [{ name: 'hello' }] });
  onTestFinished(() => archive.close());
  const { env } = await movingArchive(archive);
  const folder = temporaryFolder();
  await writeTree(folder, { 'recipe.yaml': recipe, 'archive.asc': archive.key.publicKey });
  const cache = temporaryFolder();
  const open = (allow: readonly 'revoked-key'[] = []) =>
    openedBuild({ folder, cache, env, request: { allow } });
  const lock = await resolveLock(await open(), recordingIo().io);
  const { publicKey } = await revokeKey({
    key: archive.key.privateKey,
    reasonForRevocation: { flag: 2 },
    format: 'armored',
  });
  await writeFile(join(folder, 'archive.asc'), publicKey);
  for (let build = 0; build < 2; build++) {
    const refused = await refusal(proveInputs(await open(), lock, {}, recordingIo().io));
    expect(refused).toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      hint: expect.stringContaining('--allow revoked-key'),
    });
    const { io, events } = recordingIo();
    const allow = ['revoked-key'] as const;
    const proof = await proveInputs(await open(allow), lock, { frozen: true, allow }, io);
    expect(proof.signed.map(({ signedBy }) => signedBy)).toEqual([[archive.fingerprint]]);
    const codes = events.flatMap((each) => (each.type === 'warning' ? [each.warning.code] : []));
    expect(codes).toEqual(['revoked-key']);
  }
});
