import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Event } from '../../src/base/events.ts';
import { statementOf } from '../../src/evidence/provenance/statement.ts';
import { keylessSigner } from '../../src/sign/keyless.ts';
import { signedFiles } from '../../src/sign/signed-files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal } from '../support/recipe.ts';

const statement = statementOf(
  [{ name: 'image', digest: { sha256: 'a'.repeat(64) } }],
  'https://slsa.dev/provenance/v1',
  {},
);
const [provenance] = signedFiles;

let folder = '';
let events: Event[] = [];
beforeEach(() => {
  folder = temporaryFolder();
  events = [];
});
afterEach(() => vi.unstubAllEnvs());

/** Signs with a stand-in for cosign, which is this shell script. */
function signWith(script: string, signal = new AbortController().signal) {
  const bin = temporaryFolder();
  writeFileSync(join(bin, 'cosign'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'cosign'), 0o755);
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
  const io = { emit: (event: Event) => events.push(event), signal };
  return keylessSigner(folder, io)(statement, provenance!);
}

describe('keylessSigner', () => {
  test('has cosign sign the whole statement, asking nothing, and takes its bundle', async () => {
    const script = `echo "$@" > ${folder}/args; cp "$4" ${folder}/signed; echo bundle > "$6"`;
    expect(await signWith(script)).toBe('bundle\n');
    expect(readFileSync(join(folder, 'args'), 'utf8')).toMatch(
      /^attest-blob --yes --statement \S+ --bundle \S+provenance\.sigstore\.json$/m,
    );
    expect(JSON.parse(readFileSync(join(folder, 'signed'), 'utf8'))).toEqual(statement);
  });

  test('shows what cosign says: a person may have to open an address', async () => {
    await signWith('echo "Open https://example.org/device" >&2; echo x > "$6"');
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'log', line: 'Open https://example.org/device' }),
    );
  });

  test.each([
    ['an old cosign', 'Error: unknown flag: --statement', 'USAGE', 'cosign 3'],
    ['no network', 'Error: dial tcp: no such host', 'SOURCE_UNREACHABLE', 'network'],
    ['a refusal', 'Error: the token has expired', 'SOURCE_UNREACHABLE', 'what cosign says'],
  ])('says of %s what to do', async (_, said, code, hint) => {
    const error = await refusal(signWith(`echo "${said}" >&2; exit 1`));
    expect(error).toMatchObject({ code, hint: expect.stringContaining(hint) });
    expect(error.message).toContain(said);
  });

  test('says that cosign is missing', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    const io = { emit: () => undefined, signal: new AbortController().signal };
    const error = await refusal(keylessSigner(folder, io)(statement, provenance!));
    expect(error).toMatchObject({ code: 'USAGE', hint: expect.stringContaining('Install cosign') });
  });

  test('stops cosign when it is asked to stop', async () => {
    const controller = new AbortController();
    const signing = refusal(signWith('echo waiting >&2; exec sleep 60', controller.signal));
    await vi.waitUntil(() => events.length > 0, { timeout: 20_000 });
    controller.abort();
    expect(await signing).toMatchObject({ code: 'INTERRUPTED' });
  });
});
