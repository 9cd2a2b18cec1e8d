import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Lock } from '../../src/lock/schema.ts';
import { policyWarnings, requirePolicy } from '../../src/policy/finding-messages.ts';
import { debsLock, hash, index, locks, rootfs } from '../evidence/provenance/sample.ts';
import { temporaryFolder } from '../support/folder.ts';
import { epoch, plainFile } from '../support/image.ts';
import { debianKey, fromOf } from '../support/lock.ts';
import { refusal } from '../support/recipe.ts';
import { check, component, entry, now, policyWith, subjects } from './subject.ts';

test('a policy without rules asks nothing', async () => {
  expect(await check({})).toEqual([]);
});

describe('unsignedInputs', () => {
  test('finds what the recipe alone pins, unless that is enough', async () => {
    const names = ['alpine-minirootfs.tar.gz', 'motd.txt'];
    const lock = locks.minirootfs;
    expect(subjects(await check({ unsignedInputs: {} }, { lock }))).toEqual(names);
    expect(await check({ unsignedInputs: { pinned: true } }, { lock })).toEqual([]);
  });

  test('finds nothing where a signature vouches for all', async () => {
    expect(await check({ unsignedInputs: {} }, { lock: locks.debs })).toEqual([]);
    const found = await check({ unsignedInputs: {} }, { lock: locks.static });
    expect(subjects(found)).toEqual(['motd.txt']);
  });

  test('finds what was let pass, whatever the rule says of pins', async () => {
    const archive = { ...rootfs, trust: { by: 'unsigned-archive' } };
    const lock = { ...locks.minirootfs, from: fromOf('minirootfs', { archive }) };
    const findings = await check({ unsignedInputs: { pinned: true } }, { lock });
    expect(findings[0]?.message).toContain('--allow unsigned-archive let it pass');
  });
});

describe('keys', () => {
  const others = {
    '0000000000000000000000000000000000000042': 'upstream',
    'alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub': 'Alpine',
  };

  test('finds signatures by keys that are not named, and says what hangs on them', async () => {
    const lock = { ...debsLock, toolchain: locks.static.toolchain };
    const findings = await check({ keys: { allow: others } }, { lock });
    expect(subjects(findings)).toEqual(['trixie.InRelease']);
    expect(findings[0]?.message).toContain(debianKey);
    expect(findings[0]?.message).toContain('3 inputs');
  });

  test.each([
    ['debs', ['trixie.InRelease'], ['trixie.InRelease']],
    ['static', ['lua-5.4.tar.gz.asc', 'trixie.InRelease'], ['trixie.InRelease']],
    ['minirootfs', ['v3.20-main.APKINDEX.tar.gz'], []],
  ] as const)('looks at signatures of %s, detached or not', async (kind, all, unnamed) => {
    const lock = locks[kind];
    const nobody = { [hash('9').slice(0, 40)]: 'somebody else' };
    expect(subjects(await check({ keys: { allow: nobody } }, { lock }))).toEqual(all);
    expect(subjects(await check({ keys: { allow: others } }, { lock }))).toEqual(unnamed);
  });

  test('one allowed key among several is enough', async () => {
    const signed = { ...index, signedBy: [hash('9').slice(0, 40), debianKey] };
    const from = fromOf('debs', { indexes: [signed], packages: [] });
    const only: Lock = { ...locks.static, from };
    const allow = { ...others, [debianKey]: 'Debian' };
    expect(await check({ keys: { allow } }, { lock: only })).toEqual([]);
  });
});

test('sha1Signatures finds indexes that are signed over a SHA-1, and no others', async () => {
  const found = await check({ sha1Signatures: {} }, { lock: locks.minirootfs });
  expect(found).toMatchObject([
    { rule: 'sha1Signatures', message: expect.stringContaining('over a SHA-1 (rsa-sha1)') },
  ]);
  expect(await check({ sha1Signatures: {} }, { lock: locks.debs })).toEqual([]);
  const text = JSON.stringify(locks.minirootfs).replaceAll('rsa-sha1', 'rsa-sha256');
  expect(await check({ sha1Signatures: {} }, { lock: JSON.parse(text) })).toEqual([]);
});

describe('indexAge', () => {
  const daysLater = (days: number) => ({ now: new Date((epoch + days * 86_400) * 1000) });

  test.each([
    ['debs', ['packages']],
    ['minirootfs', ['apk packages', 'root filesystem']],
    ['static', ['toolchain']],
  ] as const)('finds each part of %s that is older than allowed', async (kind, parts) => {
    const lock = locks[kind];
    expect(await check({ indexAge: { most: '30d' } }, { lock, ...daysLater(30) })).toEqual([]);
    const found = await check({ indexAge: { most: '30d' } }, { lock, ...daysLater(31) });
    expect(subjects(found)).toEqual(parts);
  });

  test('takes a set of packages to be as new as its newest index', async () => {
    const security = { ...index, suite: 'trixie-security', date: epoch + 40 * 86_400 };
    const from = fromOf('debs', { indexes: [index, security], packages: [] });
    const only: Lock = { ...locks.static, from };
    const found = await check({ indexAge: { most: '30d' } }, { lock: only, ...daysLater(60) });
    expect(subjects(found)).toEqual(['toolchain']);
  });
});

describe('licences', () => {
  const components = [
    component('libc6', 'LGPL-2.1-or-later AND (BSD-3-Clause OR GPL-2.0-only)'),
    component('gcc', 'GPL-3.0-or-later WITH GCC-exception-3.1'),
    component('strange', 'LicenseRef-strange'),
    component('unknown', 'NOASSERTION'),
    component('own', 'NOASSERTION', { kind: 'sources' }),
  ];
  const inventory = { components, unattributed: [] };

  test('without a list, finds what is unknown, but not the own sources', async () => {
    expect(subjects(await check({ licences: {} }, { inventory }))).toEqual(['unknown']);
  });

  test('asks every licence of a conjunction and one of a choice to be allowed', async () => {
    const allow = ['LGPL-2.1-or-later', 'BSD-3-Clause', 'GPL-3.0-or-later WITH GCC-exception-3.1'];
    const found = await check({ licences: { allow } }, { inventory });
    expect(subjects(found)).toEqual(['strange', 'unknown']);
    const [libc] = await check({ licences: { allow: ['BSD-3-Clause'] } }, { inventory });
    expect(libc?.message).toContain('asks for LGPL-2.1-or-later, which is not allowed');
  });

  test('does not take a licence for the same with an exception', async () => {
    const found = await check({ licences: { allow: ['GPL-3.0-or-later'] } }, { inventory });
    expect(subjects(found)).toContain('gcc');
  });

  test('lets exceptions pass', async () => {
    const exceptions = { unknown: 'asked upstream' };
    expect(await check({ licences: { exceptions } }, { inventory })).toEqual([]);
  });

  test('does not take what is no expression for one', async () => {
    const odd = { components: [component('odd', 'as is, mostly')], unattributed: [] };
    const [finding] = await check({ licences: {} }, { inventory: odd });
    expect(finding?.message).toContain('cannot be read');
  });
});

describe('rules about paths', () => {
  test('setuid finds set-id files, other names of one included, but no folder', async () => {
    const entries = [
      entry('usr/bin/su', { mode: 0o4755 }),
      entry('usr/bin/wall', { mode: 0o2755 }),
      {
        ...entry('usr/bin/su2', { mode: 0o4755 }),
        type: 'hardlink',
        target: 'usr/bin/su',
      } as const,
      entry('usr/bin/ls', { mode: 0o755 }),
      { ...entry('var/mail', { mode: 0o2775 }), type: 'directory' } as never,
    ];
    const found = await check({ setuid: {} }, { entries });
    expect(subjects(found)).toEqual(['/usr/bin/su', '/usr/bin/wall', '/usr/bin/su2']);
    expect(found[0]?.message).toBe('/usr/bin/su is set-user-id (mode 4755, owner 0:0).');
  });

  test('what the recipe or the policy declares is fine', async () => {
    const entries = [entry('bin/a', { mode: 0o4755 }), entry('bin/b', { mode: 0o4755 })];
    const allow = { '/bin/b*': 'needed' };
    const declared = new Set(['bin/a']);
    expect(await check({ setuid: { allow } }, { entries, declared })).toEqual([]);
  });

  test('worldWritable finds open files and folders, but neither links nor sticky folders', async () => {
    const folder = (path: string, mode: number) =>
      ({ ...entry(path, { mode }), type: 'directory' }) as never;
    const entries = [
      entry('etc/open', { mode: 0o666 }),
      folder('srv/open', 0o777),
      folder('tmp', 0o1777),
      { ...entry('bin', { mode: 0o777 }), type: 'symlink', target: 'usr/bin' } as never,
    ];
    const found = await check({ worldWritable: {} }, { entries });
    expect(subjects(found)).toEqual(['/etc/open', '/srv/open']);
  });

  test('capabilities names those that a file gives', async () => {
    // What `setcap cap_net_raw,cap_setuid=ep` writes (linux/capability.h, VFS_CAP_REVISION_2).
    const value = Buffer.from('0100000280200000000000000000000000000000', 'hex');
    const xattrs = [['security.capability', value.toString('latin1')]];
    const entries = [entry('usr/bin/ping', { xattrs }), entry('usr/bin/ls')];
    const [finding, ...others] = await check({ capabilities: {} }, { entries });
    expect(others).toEqual([]);
    expect(finding?.message).toBe('/usr/bin/ping gives whoever runs it cap_setuid, cap_net_raw.');
  });

  test('unattributed finds the bytes that nothing accounts for', async () => {
    const unattributed = [
      { path: 'etc/odd', reason: 'no package lists it' },
      { path: 'etc/fine', reason: 'no package lists it' },
    ];
    const inventory = { components: [], unattributed };
    const allow = { '/etc/fine': 'written by hand' };
    const found = await check({ unattributed: { allow } }, { inventory });
    expect(found.map(({ message }) => message)).toEqual([
      '/etc/odd is attributed to nothing: no package lists it.',
    ]);
  });
});

describe('rules about programs', () => {
  function program(...flags: string[]) {
    const folder = temporaryFolder();
    const [code, file] = [join(folder, 'a.c'), join(folder, 'a')];
    writeFileSync(code, 'int main(void) { return 0; }\n');
    execFileSync('gcc', [code, '-o', file, ...flags]);
    return plainFile('usr/bin/a', readFileSync(file), 0o755);
  }

  test('hardening names all that is missing, and the flags that give it', async () => {
    const entries = [program('-no-pie', '-Wl,-z,norelro', '-Wl,-z,execstack')];
    const [finding] = await check({ hardening: {} }, { entries });
    expect(finding?.message).toBe(
      '/usr/bin/a is loaded at a fixed address (no PIE) and leaves its relocations writable (no RELRO) and has an executable stack (no NX).',
    );
    expect(finding?.remedy).toContain('-Wl,-z,noexecstack');
  });

  test('hardening asks only what it is told to', async () => {
    const entries = [program('-no-pie', '-Wl,-z,lazy')];
    expect(await check({ hardening: { require: ['nx'] } }, { entries })).toEqual([]);
    expect(await check({ hardening: { require: ['bindNow'] } }, { entries })).toHaveLength(1);
    const allow = { '/usr/bin/*': 'old' };
    expect(await check({ hardening: { allow } }, { entries })).toEqual([]);
  });

  test('a program that is damaged is a finding and not an end', async () => {
    const whole = program();
    const bytes = whole.type === 'file' && 'bytes' in whole.content ? whole.content.bytes : [];
    const entries = [plainFile('usr/bin/a', Uint8Array.from(bytes).subarray(0, 100), 0o755)];
    const [finding] = await check({ hardening: {}, stackProtector: {} }, { entries });
    expect(finding?.message).toMatch(/^\/usr\/bin\/a cannot be looked at: Not a whole ELF file/);
  });

  test('stackProtector finds programs without a canary', async () => {
    const found = async (flag: string) =>
      subjects(await check({ stackProtector: {} }, { entries: [program(flag)] }));
    expect(await found('-fno-stack-protector')).toEqual(['/usr/bin/a']);
    expect(await found('-fstack-protector-all')).toEqual([]);
  });
});

test('size counts decimal and binary units', async () => {
  expect(await check({ size: { most: '10KiB' } })).toEqual([]);
  const [finding] = await check({ size: { most: '10kB' } });
  expect(finding?.message).toBe(
    'The layer has 10240 bytes; at most 10kB (10000 bytes) are allowed.',
  );
});

describe('requirePolicy', () => {
  const rules = {
    setuid: { reason: 'a container seldom needs that' },
    size: { most: '1kB', reason: 'small is quick' },
  };
  const entries = Array.from({ length: 25 }, (_, at) => entry(`bin/${at}`, { mode: 0o4755 }));

  test('refuses, rule by rule, with what was found, why it matters and what to do', async () => {
    const findings = await check(rules, { entries: entries.slice(0, 2) });
    const error = await refusal((async () => requirePolicy(policyWith(rules), findings))());
    expect(error.code).toBe('POLICY');
    expect(error.message).toBe(
      [
        'The image is not what the policy mine asks for: 3 findings.',
        '  setuid: a container seldom needs that',
        '    /bin/0 is set-user-id (mode 4755, owner 0:0).',
        '    /bin/1 is set-user-id (mode 4755, owner 0:0).',
        '    → Leave it out with "slim", give it an ordinary mode, or name it under "allow" with the reason.',
        '  size: small is quick',
        '    The layer has 10240 bytes; at most 1kB (1000 bytes) are allowed.',
        '    → Take fewer packages, or leave out what is not needed with "slim".',
      ].join('\n'),
    );
  });

  test('shows twenty of a rule and says how many more there are', async () => {
    const findings = await check(rules, { entries });
    const error = await refusal((async () => requirePolicy(policyWith(rules), findings))());
    expect(error.message).toContain('… and 5 more, which --sarif FILE lists');
  });

  test('lets pass what only warns, with one warning for each rule', async () => {
    const gentle = { setuid: { level: 'warning' } };
    const findings = await check(gentle, { entries });
    requirePolicy(policyWith(gentle), findings);
    expect(policyWarnings(findings)).toMatchObject([
      { code: 'policy-setuid', message: expect.stringContaining('… and 24 more') },
    ]);
  });
});

test('the age of indexes is measured from the moment that is given, and from nothing else', async () => {
  const once = await check({ indexAge: { most: '1d' } }, { now });
  expect(await check({ indexAge: { most: '1d' } }, { now })).toEqual(once);
});
