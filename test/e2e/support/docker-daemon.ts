import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A Docker daemon of a test's own, beside the machine's. */
export interface SecondDaemon {
  /** For the CLI. */
  readonly env: Readonly<Record<string, string>>;
  /** As a power cut would: it and its containerd are gone at once. */
  kill(): Promise<void>;
  end(): Promise<void>;
}

/** Starts a daemon whose sockets are in `folder` and whose images are in `data`. */
export async function secondDaemon(folder: string, data: string): Promise<SecondDaemon> {
  mkdirSync(folder);
  const host = `unix://${join(folder, 'socket')}`;
  const places = [`--data-root=${data}`, `--exec-root=${join(folder, 'exec')}`];
  const network = ['--bridge=none', '--iptables=false'];
  const args = [`--host=${host}`, `--pidfile=${join(folder, 'pid')}`, ...places, ...network];
  // In a network namespace of its own: without a bridge it would remove that of the machine's daemon.
  const daemon = spawn('unshare', ['--net', 'dockerd', ...args], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  const env = { DOCKER_HOST: host };
  await answering(env);
  return {
    env,
    async kill() {
      const containerd = readFileSync(join(folder, 'exec/containerd/containerd.pid'), 'utf8');
      daemon.kill('SIGKILL');
      process.kill(Number(containerd), 'SIGKILL');
      await gone;
    },
    async end() {
      daemon.kill('SIGTERM');
      await gone;
    },
  };
}

async function answering(env: Readonly<Record<string, string>>): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    try {
      execFileSync('docker', ['version'], { env: { ...process.env, ...env }, stdio: 'ignore' });
      return;
    } catch {
      await pause(250);
    }
  }
  throw new Error('the second daemon does not start');
}
