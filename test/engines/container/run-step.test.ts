import { expect, test } from 'vitest';
import { containerCli } from '../../../src/engines/container/cli.ts';
import { podman } from '../../../src/engines/container/dialect.ts';
import { engineFault } from '../../../src/engines/container/run-step.ts';

const facts = {
  description: 'podman 4.3.1',
  platform: 'linux/amd64',
  limitsMemory: true,
  limitsProcesses: true,
  filtersCalls: true,
  inUserNamespace: false,
} as const;

const faultOf = (exitCode: number, stderr: string) =>
  engineFault(containerCli(podman, facts, '/cache'), {
    command: 'podman run',
    ok: false,
    exitCode,
    killedBy: undefined,
    timedOut: false,
    notFound: false,
    stdout: '',
    stderr,
    problem: `it ended with exit code ${exitCode}`,
  });

test.each([
  [125, 'Error: no such container'],
  [126, 'Error: runc: runc create failed: error setting rlimit type 7: OCI permission denied'],
  [126, 'docker: Error response from daemon: failed to create task: OCI runtime create failed'],
])('a container that cannot be set up is the fault of the engine: %i, %s', (exitCode, stderr) => {
  expect(faultOf(exitCode, stderr)).toMatchObject({
    code: 'ENGINE_FAILED',
    message: expect.stringContaining(stderr),
  });
});

test.each([
  [1, 'make: *** [all] Error 1'],
  [125, 'the build itself ends with 125'],
  [126, 'Error: runc: exec: "/a": permission denied: OCI permission denied'],
  [127, 'Error: crun: executable file `a` not found in $PATH: OCI runtime attempted to invoke'],
  [127, 'sh: 1: gcc: not found'],
])('a program that fails is not the fault of the engine: %i, %s', (exitCode, stderr) => {
  expect(faultOf(exitCode, stderr)).toBeUndefined();
});
