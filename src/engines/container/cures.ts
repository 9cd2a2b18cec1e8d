import { host } from '../../base/host.ts';
import { hostPlatformNames } from '../../base/platform.ts';
import type { Refusal } from '../engine.ts';

/** The ways in which people get and start an engine on a system. */
export interface Cures {
  readonly install: string;
  readonly start: string;
  /** Advice for somebody who may not use the engine, or whose containers do not start. */
  readonly permit: string;
}

const dockerHere: Cures = {
  install: 'Install Docker (on Debian and Ubuntu: sudo apt-get install docker.io).',
  start:
    'Start the daemon (sudo systemctl start docker), or name another with DOCKER_HOST or `docker context use`.',
  permit: 'Join its group (sudo usermod -aG docker "$USER") and log in again.',
};

const dockerElsewhere: Cures = {
  install:
    'Install Docker Desktop, colima or another that brings the docker command; it can also ask a daemon elsewhere, by DOCKER_HOST or `docker context`.',
  start:
    'Start Docker Desktop (or run `colima start`), or name another daemon with DOCKER_HOST or `docker context use`.',
  permit: 'See that `docker info` works for you.',
};

const podmanHere: Cures = {
  install: 'Install podman (on Debian and Ubuntu: sudo apt-get install podman uidmap).',
  start: 'Look after it with `podman info`.',
  permit:
    'See that `podman info` works; rootless podman needs uidmap and a range in /etc/subuid and /etc/subgid.',
};

const podmanElsewhere: Cures = {
  install: 'Install podman, then run `podman machine init` and `podman machine start`.',
  start: 'Run `podman machine start`, then look after it with `podman info`.',
  permit: 'Run `podman machine start` (the first time `podman machine init`), then `podman info`.',
};

/** Returns the cures for docker on a system. */
export const dockerCures = ({ isLinux } = host): Cures => (isLinux ? dockerHere : dockerElsewhere);

/** Returns the cures for podman on a system. */
export const podmanCures = ({ isLinux } = host): Cures => (isLinux ? podmanHere : podmanElsewhere);

/** Refuses an engine whose machine has another processor than builders run on. */
export const otherMachine = (machine = 'another processor'): Refusal => ({
  reason: `its containers run on ${machine}, and builders run on ${hostPlatformNames.join(' and ')}`,
  cure: 'Use an engine on such a machine; --platform chooses what the image is for.',
});
