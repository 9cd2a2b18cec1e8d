import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineName } from '../../../src/engines/engine.ts';
import { rootfsCapabilities } from '../../../src/engines/step.ts';
import { chrootDevices } from '../../../src/steps/devices.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { readTar } from '../../../src/tar/read.ts';
import { writeTar } from '../../../src/tar/write.ts';
import {
  engineSubject,
  isRunning,
  type StepRequest,
  type Subject,
  users,
} from '../../support/engine-subject.ts';
import { busyboxEntries, textFile } from '../../support/toolchain.ts';

interface Case {
  readonly title: string;
  readonly engine: EngineName;
  readonly uid?: number;
}

const cases: readonly Case[] = [
  { title: 'docker', engine: 'docker' },
  { title: 'podman', engine: 'podman' },
  { title: 'the namespace engine', engine: 'namespace' },
  { title: 'the namespace engine of an ordinary user', engine: 'namespace', uid: users.nobody },
];

const rootfsStep = { capabilities: rootfsCapabilities, ids: 'range' } as const;
const sh = (script: string): readonly [string, ...string[]] => ['/bin/sh', '-euc', script];

/** CAP_NET_RAW, effective, as `vfs_cap_data` of revision 2 (linux/capability.h): no user namespace's. */
const netRaw = Buffer.from('0100000200200000000000000000000000000000', 'hex').toString('latin1');

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A root file system with busybox, and a program that has a capability. */
function rootfsTar(): Promise<Buffer> {
  const ping: Entry = {
    ...textFile('ping', 'ping'),
    mode: 0o755,
    xattrs: [['security.capability', netRaw]],
  };
  return bytesOf(writeTar([...busyboxEntries(), ping]));
}

const unpack = `${chrootDevices}
mkdir /build/rootfs
gtar -xf - --numeric-owner --xattrs --xattrs-include='*' -C /build/rootfs
`;

const pack = `exec gtar -cf - --format=pax --sort=name --mtime=@0 --numeric-owner --xattrs \
  --xattrs-include='*' --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime -C /build/rootfs .`;

const changes = `
cd /build/rootfs
mkdir home
touch root user nobody setuid setgid
chown 1000:1000 home user
chown 65534:65534 nobody
chown 10001:50 setuid setgid
chmod 4755 setuid
chmod 2755 setgid
mkdir -m 1777 shared
ln -s user link
chown -h 1000:50 link
`;

/** What stands in a tar that is not busybox's, one line an entry. */
async function listed(tar: Buffer): Promise<string[]> {
  async function* once() {
    yield tar;
  }
  const lines: string[] = [];
  for await (const { entry } of readTar(once())) {
    const { path, mode, uid, gid, xattrs } = entry;
    const attributes = xattrs.map(
      ([name, value]) => ` ${name}=${Buffer.from(value, 'latin1').toString('hex')}`,
    );
    if (/^(bin|etc)\b/.test(path)) continue;
    lines.push(`${entry.type} ${path} ${mode.toString(8)} ${uid}:${gid}${attributes.join('')}`);
  }
  return lines.sort();
}

const expected = [
  'directory dev 755 0:0',
  'directory home 755 1000:1000',
  'directory shared 1777 0:0',
  'directory tmp 1777 0:0',
  'file made-in-chroot 600 10001:50',
  'file nobody 644 65534:65534',
  `file ping 755 0:0 security.capability=${Buffer.from(netRaw, 'latin1').toString('hex')}`,
  'file root 644 0:0',
  'file setgid 2755 10001:50',
  'file setuid 4755 10001:50',
  'file user 644 1000:1000',
  'symlink link 777 1000:50',
];

/** Until it holds; a test that waits in vain runs into its time limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(50);
}

const uniqueSeconds = () => String(1_000_000 + Math.floor(Math.random() * 8_000_000));

/**
 * What a step tries that wants to harm the host; it prints what it could do. Where an engine lets it
 * make namespaces of its own, as podman does, it tries from within these, too.
 */
function hostile({ cacheFolder }: Subject): string {
  const attack = `
    bad() { echo "$*"; }
    mkdir on-it mine yours
    for kind in "" "bind,"; do mount -o "remount,$kind"rw / && bad remounted /; done
    mount -o rbind / mine
    mount -o remount,bind,rw mine
    mount -o bind /bin yours
    mount -o remount,bind,rw yours
    for place in /bin /etc mine/bin yours; do echo x >"$place/evil"; done
    [ -e /bin/evil ] || [ -e /etc/evil ] && bad wrote to the toolchain
    for kind in proc sysfs cgroup cgroup2 devtmpfs securityfs debugfs tracefs; do
      mount -t "$kind" none on-it && bad mounted "$kind"
    done
    for place in / /dev /proc; do umount -l "$place"; done
    for place in /root /home /usr /dev/mem /dev/kmsg /proc/${process.pid} ${cacheFolder}; do
      [ -e "$place" ] && bad sees "$place"
    done
    for file in kernel/core_pattern kernel/modprobe user/max_user_namespaces vm/drop_caches; do
      echo 1 >"/proc/sys/$file" && bad set "$file"
    done
    echo b >/proc/sysrq-trigger && bad sysrq
    for device in "b 7 0" "b 8 0" "b 254 0" "c 1 1" "c 10 229"; do
      mknod node $device
      head -c 1 node | grep -q "" && bad read "$device"
      rm -f node
    done
    grep -vE "^ *(lo|Inter-|face)" /proc/net/dev && bad has a network`;
  return `
    for wall in '' 'unshare -m' 'unshare -r -m' 'unshare -r -m -n -i'; do
      cd "$(mktemp -d -p /build)"
      $wall sh -c '${attack}'
    done
    echo done`;
}

const digests = new Map<string, string>();

function rootfsContract({ title, engine, uid }: Case): void {
  let subject: Subject;
  beforeAll(async () => {
    subject = await engineSubject(engine, { uid });
  });
  afterAll(() => subject.dispose());

  const step = async (script: string, request: Partial<StepRequest> = {}) =>
    subject.step({ ...rootfsStep, argv: sh(script), input: await rootfsTar(), ...request });

  async function expectNothingLeft(word: string): Promise<void> {
    await until(() => !isRunning(word));
    expect(subject.containers()).toEqual([]);
    expect(await readdir(join(subject.cacheFolder, 'tmp')).catch(() => [])).toEqual([]);
  }

  test('owners, modes and capabilities of files are what the step makes them', async () => {
    const chrooted = `
      make_devices /build/rootfs
      chroot /build/rootfs su app -s /bin/sh -c 'umask 077; cp /dev/null /shared/made-in-chroot'
      remove_devices /build/rootfs
      mv shared/made-in-chroot .
    `;
    const outcome = await step(unpack + changes + chrooted + pack, { outputBytes: 64 * 1024 ** 2 });
    expect(outcome).toMatchObject({ log: [] });
    const tar = Buffer.from(outcome.stdout ?? '', 'latin1');
    expect((await listed(tar)).filter((line) => !line.startsWith('directory  '))).toEqual(expected);
    digests.set(title, createHash('sha256').update(tar).digest('hex'));
  });

  test('a chroot has devices, as root and as anybody, until they are taken away', async () => {
    const program = `
      head -c 5 /dev/urandom | wc -c
      head -c 5 /dev/zero | wc -c
      echo lost >/dev/null
      (echo x >/dev/full) 2>/dev/null || echo full
      echo /dev/*
      ls /proc 2>/dev/null || echo "no proc"`;
    const script = `${unpack}
      mkdir /build/rootfs/dev
      echo kept >/build/rootfs/dev/own
      make_devices /build/rootfs
      chroot /build/rootfs sh -euc '${program}'
      chroot /build/rootfs su app -s /bin/sh -c '${program}'
      remove_devices /build/rootfs
      cat /build/rootfs/dev/*
      ls /build`;
    const names = 'fd full null pts random shm stderr stdin stdout tty urandom zero'.replace(
      /\w+/g,
      '/dev/$&',
    );
    const seen = `5\n5\nfull\n${names}\nno proc\n`;
    expect(await step(script)).toMatchObject({ stdout: `${seen}${seen}kept\nrootfs\n` });
  });

  test('a program that runs as somebody else has the rights of somebody else', async () => {
    const script = `${unpack}${changes}
      chmod 700 nobody
      grep Groups: /proc/self/status | tr -d '\\t '
      chroot . su app -s /bin/sh -c 'id -u; id -g; cat /nobody 2>/dev/null || echo refused; kill -0 1 2>/dev/null || echo refused'`;
    const { stdout = '' } = await step(script);
    expect(stdout).toMatch(/^Groups:0?\n10001\n50\nrefused\nrefused\n$/);
  });

  test('a hostile step reaches neither the host nor its own toolchain', async () => {
    const argv: StepRequest['argv'] = ['/bin/sh', '-c', `exec 2>/dev/null; ${hostile(subject)}`];
    expect(await subject.step({ ...rootfsStep, argv })).toMatchObject({
      log: [],
      stdout: 'done\n',
    });
    const next = await subject.step({
      ...rootfsStep,
      argv: sh('find /bin /etc /lib -name evil'),
    });
    expect(next).toMatchObject({ stdout: '', log: [] });
  });

  // A container's own walls are its runtime's.
  if (engine === 'namespace') {
    test('no namespace but of mounts can be made or entered', async () => {
      const script = `
      unshare -m mount -o remount,bind,rw / 2>/dev/null && echo remounted
      for kind in -p -n -i -u -U -r; do
        unshare $kind true 2>/dev/null && echo made $kind
        nsenter -t 1 $kind true 2>/dev/null && echo entered $kind
      done
      ls /proc/1/root /proc/1/cwd 2>/dev/null || echo closed`;
      const argv: StepRequest['argv'] = ['/bin/sh', '-c', script];
      expect(await subject.step({ ...rootfsStep, argv })).toMatchObject({ stdout: 'closed\n' });
    });
  }

  test('a fork bomb of many users stays small', async () => {
    const script = `${unpack}
      make_devices /build/rootfs
      user=1
      while [ $user -lt 60 ]; do
        echo "u$user:x:$user:$user::/:/bin/sh" >>/build/rootfs/etc/passwd
        user=$((user + 1))
      done
      while [ $user -gt 1 ]; do
        user=$((user - 1))
        chroot /build/rootfs su u$user -c 'for each in 1 2 3 4 5; do sleep 100 & done'
      done
      echo all`;
    const outcome = await step(script, { processes: 60 });
    expect(outcome).toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringMatching(/fork|Resource temporarily/),
    });
  });

  test('what programs of many users leave running ends with the step', async () => {
    const word = uniqueSeconds();
    const script = `${unpack}
      make_devices /build/rootfs
      chroot /build/rootfs su app -s /bin/sh -c 'sleep ${word} &'
      sleep ${word} &
      echo over`;
    expect(await step(script)).toMatchObject({ stdout: 'over\n' });
    await expectNothingLeft(word);
  });

  test('a step that is interrupted leaves nothing', async () => {
    const word = uniqueSeconds();
    const script = `${unpack} make_devices /build/rootfs; echo started >&2
      chroot /build/rootfs su app -s /bin/sh -c 'sleep ${word}; :'`;
    const outcome = await step(script, { fault: 'abort-at-first-line' });
    expect(outcome).toMatchObject({ code: 'INTERRUPTED' });
    await expectNothingLeft(word);
  });

  test('what a killed mkbase left is removed by the next', async () => {
    const word = uniqueSeconds();
    await subject.killDuring({ ...rootfsStep, argv: sh(`echo started >&2; sleep ${word}`) });
    await subject.removeLeftovers();
    await expectNothingLeft(word);
  });
}

describe.each(cases)('root file systems on $title', rootfsContract);

test('every engine makes the same bytes', () => {
  expect(digests.size).toBe(cases.length);
  expect(new Set(digests.values()).size).toBe(1);
});

describe('an ordinary user without a range of ids', () => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await engineSubject('namespace', { uid: users.nameless });
  });
  afterAll(() => subject.dispose());

  test('is told so by the namespace engine, before anything is run', async () => {
    const outcome = await subject.step({ ...rootfsStep, argv: sh('echo ran >&2') });
    expect(outcome).toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringMatching(/user 60123 has no name in \/etc\/passwd/),
      log: [],
    });
  });

  test('can still run a step that needs root alone', async () => {
    const argv = sh('id -u; stat -c %u:%g /bin/busybox');
    expect(await subject.step({ argv })).toMatchObject({ stdout: '0\n0:0\n' });
  });
});
