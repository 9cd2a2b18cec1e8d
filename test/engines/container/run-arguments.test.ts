import { describe, expect, test } from 'vitest';
import { containerCli } from '../../../src/engines/container/cli.ts';
import {
  type Dialect,
  docker,
  type EngineFacts,
  podman,
} from '../../../src/engines/container/dialect.ts';
import { imageArguments, stepArguments } from '../../../src/engines/container/run-arguments.ts';
import type { RunOptions } from '../../../src/engines/engine.ts';
import type { Step } from '../../../src/engines/step.ts';

async function* nothing() {}

const step: Step = {
  toolchain: { name: 'gcc-musl', platform: 'linux/amd64', key: 'a'.repeat(64) },
  argv: ['/bin/sh', '-c', 'make; $(evil)'],
  env: { A: 'b; c', HOME: '/home' },
  limits: { memoryBytes: 1024, processes: 64, seconds: 60, outputBytes: 1024 },
  capabilities: ['CAP_CHOWN', 'CAP_FOWNER'],
  input: nothing(),
};

const capable: EngineFacts = {
  description: 'test',
  platform: 'linux/amd64',
  limitsMemory: true,
  limitsProcesses: true,
  filtersCalls: true,
  inUserNamespace: false,
};

const filter = ['--security-opt', 'seccomp=/cache/f.json'];

const cliOf = (dialect: Dialect, facts: Partial<EngineFacts> = {}) =>
  containerCli(dialect, { ...capable, ...facts }, '/cache');

const image = { id: 'sha256:1', platform: 'linux/amd64' } as const;

const runArguments = (options: Partial<RunOptions>, terminal = false, facts = {}) =>
  imageArguments(
    image,
    { stdio: 'capture', network: 'none', ...options },
    { name: 'mkbase-1', terminal, filter },
    cliOf(docker, facts),
  );

describe('a step', () => {
  test('is removed by podman itself, and by mkbase on docker, whose end is told before that', () => {
    const startOf = (dialect: Dialect) =>
      stepArguments(step, 'sha256:1', 'mkbase-1', filter, cliOf(dialect)).slice(0, 2);
    expect(startOf(podman)).toEqual(['run', '--rm']);
    expect(startOf(docker)).toEqual(['run', '--interactive']);
  });

  test('on docker has everything that the step contract asks for', () => {
    const line = stepArguments(step, 'sha256:1', 'mkbase-1', filter, cliOf(docker)).join(' ');
    expect(line).toBe(
      [
        'run --interactive --name mkbase-1 --label org.mkbase.run=mkbase-1 --hostname mkbase',
        '--pull never --network none --cap-drop ALL --cap-add CAP_CHOWN --cap-add CAP_FOWNER',
        '--security-opt no-new-privileges --security-opt seccomp=/cache/f.json',
        '--log-driver none --memory 1024b --memory-swap 1024b --pids-limit 64 --init --read-only',
        '--tmpfs /build:rw,exec,suid,dev,mode=0755,size=1024',
        '--tmpfs /run:rw,exec,suid,dev,mode=0755,size=1024',
        '--tmpfs /tmp:rw,exec,suid,dev,mode=1777,size=1024',
        '--tmpfs /var/tmp:rw,exec,suid,dev,mode=1777,size=1024',
        '--env HOME=/home --env HOSTNAME=mkbase',
        '--env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --env A=b; c',
        'sha256:1 /bin/sh -c make; $(evil)',
      ].join(' '),
    );
  });

  test.each([docker, podman])(
    'with a root of its own on $name has no memory file systems, no init in the way, and no large file',
    (dialect) => {
      const own = { ...step, root: 'own' } as const;
      const args = stepArguments(own, 'sha256:1', 'mkbase-1', filter, cliOf(dialect));
      for (const option of ['--read-only', '--read-only-tmpfs=false', '--tmpfs', '--init']) {
        expect(args).not.toContain(option);
      }
      expect(args.join(' ')).toMatch(
        /sha256:1 \/bin\/sh -c ulimit -f "\$0" && exec "\$@" 2 \/bin\/sh -c make/,
      );
    },
  );

  test('on podman keeps the proxies of the host and podman’s own variables out', () => {
    const args = stepArguments(step, 'sha256:1', 'mkbase-1', filter, cliOf(podman));
    expect(args).toEqual(
      expect.arrayContaining(['--http-proxy=false', '--unsetenv-all', '--read-only-tmpfs=false']),
    );
    expect(args).not.toContain('--init');
  });

  test('is an argument list: nothing of the recipe is split or joined', () => {
    const args = stepArguments(step, 'sha256:1', 'mkbase-1', filter, cliOf(docker));
    expect(args.slice(-4)).toEqual(['sha256:1', '/bin/sh', '-c', 'make; $(evil)']);
    expect(args).toContain('A=b; c');
  });

  test('is not given limits that the engine could not set', () => {
    const facts = { limitsMemory: false, limitsProcesses: false };
    const args = stepArguments(step, 'sha256:1', 'mkbase-1', filter, cliOf(docker, facts));
    for (const option of ['--memory', '--memory-swap', '--pids-limit']) {
      expect(args).not.toContain(option);
    }
  });

  test('that would make devices may mount instead in an engine’s user namespace only', () => {
    const devices = { ...step, capabilities: ['CAP_MKNOD'], ids: 'range' } as const;
    const added = (given: Step, inUserNamespace: boolean) => {
      const args = stepArguments(
        given,
        'sha256:1',
        'mkbase-1',
        filter,
        cliOf(podman, { inUserNamespace }),
      );
      return args.filter((_, at) => args[at - 1] === '--cap-add');
    };
    expect(added(devices, false)).toEqual(['CAP_MKNOD']);
    expect(added(devices, true)).toEqual(['CAP_MKNOD', 'CAP_SYS_ADMIN']);
    expect(added(step, true)).toEqual(['CAP_CHOWN', 'CAP_FOWNER']);
  });

  test('never mounts anything of the host', () => {
    for (const dialect of [docker, podman]) {
      const args = stepArguments(step, 'sha256:1', 'mkbase-1', filter, cliOf(dialect));
      for (const option of ['--volume', '-v', '--mount', '--privileged', '--device']) {
        expect(args).not.toContain(option);
      }
    }
  });
});

describe('an image', () => {
  test('runs its own command without a network, and within limits, when it is tested', () => {
    expect(runArguments({}).slice(-13).join(' ')).toBe(
      '--network none --memory 4294967296b --memory-swap 4294967296b --pids-limit 2048 --log-driver none --security-opt seccomp=/cache/f.json sha256:1',
    );
  });

  test('has the limits of the engine alone when a person runs it', () => {
    expect(runArguments({ stdio: 'inherit', network: 'default' })).not.toContain('--memory');
  });

  test('takes other arguments, or another program with its first arguments before them', () => {
    expect(runArguments({ args: ['-n', 'x'] }).slice(-3)).toEqual(['sha256:1', '-n', 'x']);
    const options = { entrypoint: ['/bin/sh', '-c'], args: ['id'] };
    expect(runArguments(options).slice(-5)).toEqual([
      '--entrypoint',
      '/bin/sh',
      'sha256:1',
      '-c',
      'id',
    ]);
  });

  test('of a person gets the default network, and a terminal when there is one', () => {
    const options = { stdio: 'inherit', network: 'default' } as const;
    expect(runArguments(options, true)).toContain('--tty');
    expect(runArguments(options, false)).not.toContain('--tty');
    expect(runArguments(options, true)).not.toContain('--network');
    expect(runArguments(options, true)).toContain('--init');
  });

  test('of another platform than the engine’s is named with it', () => {
    const args = runArguments({}, false, { platform: 'linux/arm64' });
    expect(args).toContain('linux/amd64');
    expect(runArguments({})).not.toContain('--platform');
  });
});
