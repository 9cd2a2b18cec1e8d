import { close, constants, open } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { ioError } from '../../base/errors.ts';

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** Opens one end at once, whoever has the other. */
const openEnd = (path: string, end: number) => promisify(open)(path, end | O_NONBLOCK);

/**
 * Opens the reading end of a named pipe without waiting for a writer: where there is none any more, the stream
 * ends. A thread that waits for one could not be stopped. Throws IO.
 */
export async function openToRead(path: string): Promise<Socket> {
  try {
    const fd = await openEnd(path, O_RDONLY);
    // The kernel tells of no end before a writer was seen (fifo(7)): this one comes and goes.
    await promisify(close)(await openEnd(path, O_WRONLY));
    return new Socket({ fd, readable: true, writable: false });
  } catch (error) {
    throw ioError(error, 'opening', path);
  }
}

/** Opens the writing end of a named pipe; undefined where nobody has it open to read any more. Throws IO. */
export async function openToWrite(path: string): Promise<Socket | undefined> {
  try {
    return new Socket({ fd: await openEnd(path, O_WRONLY), readable: false, writable: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined;
    throw ioError(error, 'opening', path);
  }
}
