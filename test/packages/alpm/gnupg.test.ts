import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alpmTrust, keyringFolder } from '../../../src/packages/alpm/trust.ts';
import { certifiersOf } from '../../../src/packages/openpgp/web-of-trust.ts';

/** Validities of keys by fingerprint as GnuPG shows them, with the masters trusted as pacman-key trusts them. */
function byGnupg(home: string, masters: readonly string[]): Map<string, string> {
  const gpg = (args: readonly string[], input = '') =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--yes', ...args], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  gpg(['--import', join(keyringFolder, 'archlinux.gpg')]);
  gpg(['--passphrase', '', '--quick-gen-key', 'pacman@localhost', 'ed25519', 'cert', 'never']);
  for (const each of masters) gpg(['--quick-lsign-key', each]);
  gpg(['--import-ownertrust'], masters.map((each) => `${each}:4:\n`).join(''));
  gpg(['--check-trustdb']);
  const found = new Map<string, string>();
  let primary: string | undefined;
  for (const line of gpg(['--with-colons', '--list-keys']).split('\n')) {
    const fields = line.split(':');
    if (fields[0] === 'pub') primary = fields[1];
    if (fields[0] !== 'fpr' || primary === undefined) continue;
    found.set(fields[9] ?? '', primary);
    primary = undefined;
  }
  return found;
}

test('GnuPG finds the same packagers of Arch certified', { timeout: 120_000 }, async () => {
  // The path of the agent's socket may have 107 bytes.
  const home = mkdtempSync(join(tmpdir(), 'gpg-'));
  try {
    const web = await alpmTrust({ keys: [], masters: [] });
    const masters = web.masters.map((key) => key.getFingerprint().toUpperCase());
    const found = byGnupg(home, masters);
    const differing: string[] = [];
    let certified = 0;
    for (const key of web.keys) {
      const fingerprint = key.getFingerprint().toUpperCase();
      const validity = found.get(fingerprint) ?? 'absent';
      // Masters are certified by hand, and GnuPG counts no certifications of keys that have ended.
      if (masters.includes(fingerprint) || /^[er]$/.test(validity)) continue;
      const counts = (await certifiersOf(key, web, new Date())).length >= web.needed;
      if (counts) certified += 1;
      if (counts !== (validity === 'f')) differing.push(`${fingerprint} ${validity}`);
    }
    expect(differing).toEqual([]);
    expect(certified).toBeGreaterThan(60);
  } finally {
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  }
});
