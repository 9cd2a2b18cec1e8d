import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A containerd of a test's own. It stores images as Docker does from version 29 on. */
export interface Containerd {
  /** Unpacks the one layer of an OCI archive, packs its files again, and resolves to the tar. */
  repack(archive: string, diffId: string): Buffer;
  end(): Promise<void>;
}

const config = (folder: string) => `version = 2
root = "${folder}/root"
state = "${folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "${folder}/socket"
`;

/** Plain folders: they work on whatever file system the folder is on. */
const snapshotter = ['--snapshotter', 'native'];

/** Starts it with everything that it writes below `folder`. */
export async function ownContainerd(folder: string): Promise<Containerd> {
  mkdirSync(folder);
  const file = join(folder, 'config.toml');
  writeFileSync(file, config(folder));
  const daemon = spawn('containerd', ['--config', file], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  const ctr = (...args: string[]) =>
    execFileSync('ctr', ['--address', join(folder, 'socket'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1e9,
    });
  await answering(() => ctr('version'));
  return {
    repack(archive, diffId) {
      const mediaType = 'application/vnd.oci.image.layer.v1.tar';
      ctr('images', 'import', ...snapshotter, archive);
      return ctr('snapshots', ...snapshotter, 'diff', '--media-type', mediaType, diffId);
    },
    async end() {
      daemon.kill('SIGTERM');
      await gone;
    },
  };
}

async function answering(ask: () => unknown): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    try {
      ask();
      return;
    } catch {
      await pause(250);
    }
  }
  throw new Error('containerd does not start');
}
