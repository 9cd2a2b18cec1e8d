import { describe, expect, test } from 'vitest';
import { hostOf } from '../../../src/base/host.ts';
import type { CommandResult } from '../../../src/base/run-command/command.ts';
import { dockerCures, podmanCures } from '../../../src/engines/container/cures.ts';
import { docker, type EngineFacts } from '../../../src/engines/container/dialect.ts';
import { gapsOf } from '../../../src/engines/container/gaps.ts';
import { dockerRefusal, readDockerInfo } from '../../../src/engines/container/probe-docker.ts';
import {
  podmanRefusal,
  readPodmanFacts,
  trialRefusal,
} from '../../../src/engines/container/probe-podman.ts';

const failure = (more: Partial<CommandResult>): CommandResult => ({
  command: 'docker info',
  ok: false,
  exitCode: 1,
  killedBy: undefined,
  timedOut: false,
  notFound: false,
  stdout: '',
  stderr: '',
  problem: 'it ended with exit code 1',
  ...more,
});

describe('docker', () => {
  const info = {
    ServerVersion: '28.2.2',
    OSType: 'linux',
    Architecture: 'aarch64',
    MemoryLimit: true,
    PidsLimit: false,
    SecurityOptions: ['name=seccomp,profile=default'],
    ClientInfo: { Context: 'build-host' },
  };

  test('that works says what it is and which limits it can set', () => {
    expect(readDockerInfo(JSON.stringify(info))).toEqual({
      description: 'docker 28.2.2 (context build-host)',
      platform: 'linux/arm64',
      limitsMemory: true,
      limitsProcesses: false,
      filtersCalls: true,
      inUserNamespace: false,
    });
  });

  test.each([[['name=apparmor']], [[]], [null]])(
    'with security options %j filters no system calls, which is a gap that is told',
    (SecurityOptions) => {
      const facts = readDockerInfo(JSON.stringify({ ...info, SecurityOptions })) as EngineFacts;
      expect(facts.filtersCalls).toBe(false);
      expect(gapsOf(docker, facts)).toMatchObject([
        { code: 'limits-not-enforced', message: expect.stringMatching(/limit the processes/) },
        { code: 'system-calls-not-filtered', message: expect.stringMatching(/docker/) },
      ]);
    },
  );

  test.each([
    [['name=seccomp,profile=default', 'name=rootless'], true],
    [['name=userns'], true],
    [['name=apparmor', 'name=seccomp,profile=default', 'name=cgroupns'], false],
    [null, false],
  ])('with security options %j is in a user namespace: %s', (SecurityOptions, inUserNamespace) => {
    expect(readDockerInfo(JSON.stringify({ ...info, SecurityOptions }))).toMatchObject({
      inUserNamespace,
    });
  });

  test('that is too old, for another system, or podman in disguise is refused with a cure', () => {
    const answers = [
      { ...info, ServerVersion: '19.03.15' },
      { ...info, OSType: 'windows' },
      { host: { arch: 'amd64' } },
    ].map((each) => readDockerInfo(JSON.stringify(each)));
    expect(answers).toMatchObject([
      { reason: expect.stringContaining('19.03.15'), cure: expect.any(String) },
      { reason: expect.stringContaining('windows'), cure: expect.any(String) },
      { reason: expect.stringContaining('not Docker'), cure: expect.stringContaining('podman') },
    ]);
  });

  test('that prints something else is refused', () => {
    expect(readDockerInfo('<html>')).toMatchObject({ reason: expect.any(String) });
  });

  test.each([
    ['is not installed', { notFound: true }, /not installed/, /apt-get install docker\.io/],
    ['does not answer', { timedOut: true }, /did not answer/, /DOCKER_HOST/],
    [
      'may not be used',
      { stderr: 'permission denied while trying to connect to the Docker daemon socket' },
      /not permitted/,
      /usermod -aG docker/,
    ],
    [
      'is not running',
      { stderr: 'Cannot connect to the Docker daemon at unix:///run/x. Is it running?' },
      /unix:\/\/\/run\/x/,
      /systemctl start docker/,
    ],
  ])('that %s gets a reason and a cure of its own', (_, result, reason, cure) => {
    expect(dockerRefusal(failure(result))).toEqual({
      reason: expect.stringMatching(reason),
      cure: expect.stringMatching(cure),
    });
  });
});

describe('an engine', () => {
  const refusal = {
    reason: 'its containers run on s390x, and builders run on linux/amd64 and linux/arm64',
    cure: expect.stringContaining('--platform'),
  };

  test('on another processor than builders run on is refused', () => {
    const info = { ServerVersion: '28.2.2', OSType: 'linux', Architecture: 's390x' };
    expect(readDockerInfo(JSON.stringify(info))).toEqual(refusal);
    const version = { Client: { Version: '5.0.0', OsArch: 'linux/s390x' } };
    expect(readPodmanFacts(JSON.stringify(version))).toEqual({
      ...refusal,
      reason: refusal.reason.replace('s390x', 'linux/s390x'),
    });
  });

  test.each(['darwin', 'win32'] as const)('is cured on %s in the ways of that system', (system) => {
    const host = hostOf(system);
    const cures = [
      ...[{ notFound: true }, { stderr: 'Cannot connect.' }].map((each) =>
        dockerRefusal(failure(each), dockerCures(host)),
      ),
      ...[{ notFound: true }, { stderr: 'Cannot connect.' }].map((each) =>
        podmanRefusal(failure(each), podmanCures(host)),
      ),
    ].map(({ cure }) => cure);
    expect(cures).toEqual([
      expect.stringContaining('Docker Desktop'),
      expect.stringContaining('colima start'),
      expect.stringContaining('podman machine init'),
      expect.stringContaining('podman machine start'),
    ]);
    expect(cures.join(' ')).not.toMatch(/apt-get|systemctl|subuid/);
  });
});

describe('podman', () => {
  const version = JSON.stringify({ Client: { Version: '4.3.1', OsArch: 'linux/amd64' } });

  test('of root can set every limit, and is not asked', () => {
    expect(readPodmanFacts(version)).toEqual({
      description: 'podman 4.3.1',
      platform: 'linux/amd64',
      limitsMemory: true,
      limitsProcesses: true,
      filtersCalls: true,
      inUserNamespace: false,
    });
  });

  test('of an ordinary user can set those whose controllers it was given', () => {
    const host = { cgroupControllers: ['cpu', 'pids'], security: { rootless: true } };
    expect(readPodmanFacts(version, JSON.stringify({ host }))).toMatchObject({
      limitsMemory: false,
      limitsProcesses: true,
      inUserNamespace: true,
    });
  });

  test('that works remotely is what its server is', () => {
    const remote = JSON.stringify({
      Client: { Version: '5.0.0', OsArch: 'darwin/arm64' },
      Server: { Version: '4.9.3', OsArch: 'linux/arm64' },
    });
    expect(readPodmanFacts(remote)).toMatchObject({
      description: 'podman 4.9.3',
      filtersCalls: false,
      platform: 'linux/arm64',
    });
  });

  test('that is too old, not installed or broken is refused with a cure', () => {
    const old = JSON.stringify({ Client: { Version: '3.4.4', OsArch: 'linux/amd64' } });
    expect(readPodmanFacts(old)).toMatchObject({ reason: expect.stringContaining('3.4.4') });
    expect(podmanRefusal(failure({ notFound: true })).reason).toContain('not installed');
    expect(podmanRefusal(failure({ stderr: 'warning\nno subuid ranges found' }))).toMatchObject({
      reason: 'no subuid ranges found',
      cure: expect.stringContaining('/etc/subuid'),
    });
  });

  test('that cannot start a container is refused, though all else answers', () => {
    const missing = 'Error: crun: executable file `/mkbase` not found in $PATH: OCI runtime';
    expect(trialRefusal(failure({ exitCode: 127, stderr: missing }))).toBeUndefined();
    const stderr = 'Error: runc: error setting rlimit type 7: OCI permission denied';
    expect(trialRefusal(failure({ exitCode: 126, stderr }))).toEqual({
      reason: expect.stringContaining(stderr),
      cure: expect.stringContaining('--privileged'),
    });
  });
});
