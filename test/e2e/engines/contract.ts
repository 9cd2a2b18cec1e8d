import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toByteString } from '../../../src/base/byte-string.ts';
import type { EngineName } from '../../../src/engines/engine.ts';
import { readTar } from '../../../src/tar/read.ts';
import { writeTar } from '../../../src/tar/write.ts';
import {
  engineSubject,
  isRunning,
  type StepOutcome,
  type Subject,
} from '../../support/engine-subject.ts';
import { textFile } from '../../support/toolchain.ts';

const latin1 = async (stream: AsyncIterable<Uint8Array>) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('latin1');
};

async function* once(text: string) {
  yield Buffer.from(text, 'latin1');
}

/** Until it holds; a test that waits in vain runs into its time limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(50);
}

/** A number that no other process has on its command line. */
const uniqueSeconds = () => String(1_000_000 + Math.floor(Math.random() * 8_000_000));

/** Holds an engine to the step contract (src/engines/step.ts, engine.ts). */
export function stepContract(engine: EngineName, options: { readonly uid?: number } = {}): void {
  let subject: Subject;
  beforeAll(async () => {
    subject = await engineSubject(engine, options);
  });
  afterAll(() => subject.dispose());

  const sh = (script: string): readonly [string, ...string[]] => ['/bin/sh', '-euc', script];

  async function expectNothingLeft(word: string): Promise<void> {
    await until(() => !isRunning(word));
    expect(subject.containers()).toEqual([]);
    expect(await subject.controlGroups()).toEqual([]);
    expect(await readdir(join(subject.cacheFolder, 'tmp')).catch(() => [])).toEqual([]);
  }

  const expectFailure = (outcome: StepOutcome, code: string, message: RegExp) =>
    expect(outcome).toMatchObject({ code, message: expect.stringMatching(message) });

  test('a tar goes in on stdin and a tar comes out on stdout', async () => {
    const input = Buffer.from(await latin1(writeTar([textFile('hello.txt', 'Hällo')])), 'latin1');
    const script = 'cd /build; tar -xf -; tar -cf - hello.txt';
    const { stdout = '' } = await subject.step({ argv: sh(script), input });
    const found: string[] = [];
    for await (const { entry, content } of readTar(once(stdout))) {
      found.push(`${entry.path}: ${await latin1(content)}`);
    }
    expect(found).toEqual([`hello.txt: ${toByteString('Hällo')}`]);
  });

  test('bytes pass unchanged in both directions', async () => {
    const input = Buffer.from(Uint8Array.from({ length: 900_000 }, (_, at) => (at * 7) >> 3));
    const { stdout } = await subject.step({ argv: ['cat'], input });
    expect(stdout === input.toString('latin1')).toBe(true);
  });

  test('a build that fails is told with its exit code and its last lines', async () => {
    const outcome = await subject.step({ argv: sh('echo "main.c:1: oops" >&2; exit 3') });
    expectFailure(outcome, 'BUILD_FAILED', /exit code 3[\s\S]*main\.c:1: oops/);
    expect(outcome.log).toEqual(['main.c:1: oops']);
  });

  test('a program that is not there is the fault of the build', async () => {
    expectFailure(await subject.step({ argv: ['nonesuch'] }), 'BUILD_FAILED', /exit code 127/);
  });

  test('a build that ends with the exit code of engine faults is still a build that failed', async () => {
    expectFailure(await subject.step({ argv: sh('exit 125') }), 'BUILD_FAILED', /125/);
  });

  test('the environment is what the step says', async () => {
    const { stdout = '' } = await subject.step({ argv: ['env'], env: { A: "it's $(x)\ty" } });
    expect(stdout.trimEnd().split('\n').sort()).toEqual([
      "A=it's $(x)\ty",
      'HOME=/build',
      'HOSTNAME=mkbase',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
  });

  test('host name, user, working folder and umask are the same on every engine', async () => {
    const script = 'hostname; id -u; id -g; pwd; umask; stat -c %u:%g /bin/busybox';
    const { stdout } = await subject.step({ argv: sh(script) });
    expect(stdout).toBe('mkbase\n0\n0\n/\n0022\n0:0\n');
  });

  test('the network leads nowhere', async () => {
    const server = createServer((_, response) => response.end('host'));
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    const { port } = server.address() as AddressInfo;
    const script = `wget -T 2 -q -O - http://127.0.0.1:${port}/ || echo refused; grep -c : /proc/net/dev`;
    const { stdout } = await subject.step({ argv: sh(script) });
    server.close();
    expect(stdout).toBe('refused\n1\n');
  });

  test('nothing of the host can be seen', async () => {
    const script = `
      for path in /var/run/docker.sock /run/docker.sock /run/podman /root /home /usr ${subject.cacheFolder} /proc/${process.pid}; do
        if [ -e "$path" ]; then echo "$path"; fi
      done
      for open in /proc/self/fd/*; do if [ -d "$open/" ]; then echo "$open"; fi; done
      ls /build /run /tmp /var/tmp
      readlink /proc/1/root || echo hidden`;
    const { stdout } = await subject.step({ argv: sh(script) });
    expect(stdout?.replace('/\n', 'hidden\n')).toBe(
      '/build:\n\n/run:\n\n/tmp:\n\n/var/tmp:\nhidden\n',
    );
  });

  test('the toolchain is read-only, and what one step writes the next does not see', async () => {
    const script = `
      ls /build
      for folder in /build /run /tmp /var/tmp; do echo x >$folder/file; done
      for folder in / /bin /etc; do (echo x >$folder/file) 2>/dev/null || echo "cannot write $folder"; done`;
    const expected = 'cannot write /\ncannot write /bin\ncannot write /etc\n';
    expect((await subject.step({ argv: sh(script) })).stdout).toBe(expected);
    expect((await subject.step({ argv: sh(script) })).stdout).toBe(expected);
  });

  test('stdout and stderr can be opened by name', async () => {
    const script =
      'echo out >/dev/stdout; echo err >/dev/stderr; echo x >/dev/null; head -c 2 /dev/zero | wc -c';
    const { stdout, log } = await subject.step({ argv: sh(script) });
    expect({ stdout, log }).toEqual({ stdout: 'out\n2\n', log: ['err'] });
  });

  test('there are no privileges but the declared ones, and none to be had', async () => {
    const argv = sh('grep -E "^(CapPrm|CapEff|CapBnd|NoNewPrivs)" /proc/self/status');
    const none =
      'CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\n';
    expect((await subject.step({ argv })).stdout).toBe(none);
    const chown = await subject.step({ argv, capabilities: ['CAP_CHOWN'] });
    expect(chown.stdout).toBe(none.replaceAll('0\n', '1\n').replace('Privs:\t1', 'Privs:\t1'));
  });

  test('a hostile build can neither mount, nor make namespaces, nor write to the kernel', async () => {
    const script = `
      unshare -r true 2>/dev/null && echo namespace
      unshare -m true 2>/dev/null && echo mounts
      mount -t tmpfs x /tmp 2>/dev/null && echo mounted
      mount -o remount,rw / 2>/dev/null && echo remounted
      (echo x >/proc/sys/kernel/hostname) 2>/dev/null && echo sysctl
      (echo x >/proc/sysrq-trigger) 2>/dev/null && echo sysrq
      echo done`;
    const { stdout } = await subject.step({ argv: ['/bin/sh', '-c', script] });
    expect(stdout).toBe('done\n');
  });

  test('a fork bomb stays small', async () => {
    const script = 'i=0; while [ $i -lt 300 ]; do sleep 100 & i=$((i + 1)); done; echo all';
    expectFailure(await subject.step({ argv: sh(script), processes: 40 }), 'BUILD_FAILED', /fork/);
  });

  test('a build that takes too much memory is stopped', async () => {
    const outcome = await subject.step({ argv: ['tail', '/dev/zero'], memoryMiB: 64 });
    expectFailure(outcome, 'BUILD_FAILED', /memory/);
  });

  test('a build that fills its disk is stopped', async () => {
    const script =
      'for folder in /build /tmp; do dd if=/dev/zero of=$folder/x bs=1M count=60; done';
    const outcome = await subject.step({ argv: sh(script), memoryMiB: 64 });
    expectFailure(outcome, 'BUILD_FAILED', /No space|memory/);
  });

  test('endless output is cut off, and nothing of the build is left', async () => {
    const word = uniqueSeconds();
    const outcome = await subject.step({ argv: ['yes', word] });
    expectFailure(outcome, 'BUILD_FAILED', /wrote more than its limit/);
    await expectNothingLeft(word);
  });

  test('a build that takes too long is stopped, and nothing of it is left', async () => {
    const word = uniqueSeconds();
    const outcome = await subject.step({ argv: ['sleep', word], seconds: 2 });
    expectFailure(outcome, 'BUILD_FAILED', /longer than 2 seconds/);
    await expectNothingLeft(word);
  });

  test('an input that fails fails the step with its own error, and nothing is left', async () => {
    const word = uniqueSeconds();
    const outcome = await subject.step({ argv: ['sleep', word], fault: 'input' });
    expectFailure(outcome, 'SOURCE_CORRUPT', /bad input/);
    await expectNothingLeft(word);
  });

  test('a reader that fails stops the build, and nothing is left', async () => {
    const word = uniqueSeconds();
    const outcome = await subject.step({ argv: sh(`echo x; sleep ${word}`), fault: 'consumer' });
    expectFailure(outcome, 'ARCHIVE_REFUSED', /bad output/);
    await expectNothingLeft(word);
  });

  test('what a build leaves running ends with it', async () => {
    const word = uniqueSeconds();
    const { stdout } = await subject.step({ argv: sh(`sleep ${word} & echo over`) });
    expect(stdout).toBe('over\n');
    await expectNothingLeft(word);
  });

  test('a build that is interrupted leaves nothing', async () => {
    const word = uniqueSeconds();
    const argv = sh(`echo started >&2; sleep ${word}`);
    expectFailure(await subject.step({ argv, fault: 'abort-at-first-line' }), 'INTERRUPTED', /./);
    await expectNothingLeft(word);
  });

  test('what a killed mkbase left is removed by the next', async () => {
    const word = uniqueSeconds();
    await subject.killDuring({ argv: sh(`echo started >&2; sleep ${word}`) });
    const grouped = (await subject.controlGroups()).length > 0;
    const leftovers = await subject.removeLeftovers();
    const ofNamespace = grouped ? ['control group'] : [];
    expect(leftovers.map(({ kind }) => kind)).toEqual(
      engine === 'namespace' ? ofNamespace : ['container'],
    );
    await expectNothingLeft(word);
    expect(await subject.removeLeftovers()).toEqual([]);
  });

  const config = {
    Entrypoint: ['/bin/sh', '-c'],
    Cmd: ['echo "$A in $(pwd) as $(id -u):$(id -g)"; echo oops >&2; cat; exit 3'],
    Env: ['A=b'],
    WorkingDir: '/etc',
    User: 'app',
  };
  const capture = { stdio: 'capture', network: 'none' };

  test('an image runs with its own config', async () => {
    const options = { ...capture, stdin: 'typed' };
    expect(await subject.runImage({ config, options })).toEqual({
      exitCode: 3,
      stdout: 'b in /etc as 10001:50\ntyped',
      stderr: 'oops\n',
      timedOut: false,
    });
  });

  test('what a person names takes the place of what the image says', async () => {
    const options = { ...capture, entrypoint: ['/bin/echo', '-n'], args: ['a b', '$A'] };
    expect(await subject.runImage({ config, options })).toMatchObject({
      exitCode: 0,
      stdout: 'a b $A',
    });
    const other = { ...capture, args: ['echo $A'], env: { A: 'c d' } };
    expect(await subject.runImage({ config, options: other })).toMatchObject({ stdout: 'c d\n' });
  });

  test('a run of an image finds nothing of the one before, and can write everywhere', async () => {
    const { User: _, ...root } = config;
    const script =
      'ls /left /etc/left; echo x >/left; echo x >/etc/left; rm /etc/passwd && echo ok';
    const options = { ...capture, args: [script] };
    expect(await subject.runImage({ config: root, options, times: 3 })).toMatchObject({
      stdout: 'ok\n',
      stderr: expect.stringMatching(/left.*left/s),
    });
  });

  test('an image that runs too long is stopped, and nothing of it is left', async () => {
    const word = uniqueSeconds();
    const options = { ...capture, args: [`sleep ${word}`], timeoutSeconds: 2 };
    expect(await subject.runImage({ config, options })).toMatchObject({ timedOut: true });
    await expectNothingLeft(word);
  });
}
