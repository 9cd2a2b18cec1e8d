import type { Io } from '../../base/events.ts';
import { ownerState } from '../../store/owner.ts';
import type { Leftover } from '../engine.ts';
import { type Cli, linesOf } from './cli.ts';
import { importMark, untaggedImages } from './images.ts';
import { runLabel } from './run-arguments.ts';

/** A container's name says who started it. */
async function deadContainers(cli: Cli, io: Io): Promise<string[]> {
  const args = ['ps', '--all', '--filter', `label=${runLabel}`, '--format', '{{.Names}}'];
  const names = linesOf(await cli.expect('listing containers', args, io));
  const states = await Promise.all(names.map(ownerState));
  return names.filter((_, at) => states[at] === 'dead');
}

/** An image's comment says who imported it; only one that never got a tag is a leftover. */
async function deadImages(cli: Cli, io: Io): Promise<string[]> {
  const images = await untaggedImages(cli, io);
  const owners = images.map(({ comment }) => importMark.exec(comment)?.[1] ?? '');
  const states = await Promise.all(owners.map(ownerState));
  return images.filter((_, at) => states[at] === 'dead').map(({ id }) => id);
}

/** Removes containers and untagged images of runs on this machine that have ended. */
export async function removeLeftovers(cli: Cli, io: Io): Promise<Leftover[]> {
  const [containers, images] = await Promise.all([deadContainers(cli, io), deadImages(cli, io)]);
  const removed: Leftover[] = [];
  for (const id of containers) {
    const { ok } = await cli.run([...cli.dialect.removeArguments, id], io);
    if (ok) removed.push({ kind: 'container', id });
  }
  for (const id of images) {
    const { ok } = await cli.run(['image', 'rm', id], io);
    if (ok) removed.push({ kind: 'image', id });
  }
  return removed;
}
